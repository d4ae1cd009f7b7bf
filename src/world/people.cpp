#include "world/people.hpp"

#include <algorithm>
#include <numeric>

#include "geo/coverage.hpp"

namespace placewright::world {
namespace {

// Largest first, so that no thread is left alone with Russia. Order of work only: every result has its own place.
template <class Size>
std::vector<std::size_t> by_size(std::vector<std::size_t> items, const Size& size) {
  std::ranges::stable_sort(items, std::greater{}, size);
  return items;
}

std::size_t vertices(const geo::MultiPolygon& polygons) {
  std::size_t n = 0;
  for (const auto& p : polygons) n += p.exterior.size();
  return n;
}

double people_on(const Lost& lost, const Peopled& peopled) {
  const auto& people = peopled.spreads[lost.owner].people;
  if (people.empty()) return 0;
  double sum = 0;
  for (std::uint32_t i = 0; i < lost.cells.length; ++i) {
    if (const auto position = peopled.owned[lost.owner].position_of(lost.cells.first + i)) sum += people[*position];
  }
  return sum;
}

}  // namespace

Result<Peopled> people_of_world(const geo::Grid& grid, const Countries& countries,
                                const std::vector<CountryInfo>& table, const Settlements& settlements,
                                const Lamps& lamps, work::Pool& pool) {
  const auto n = countries.rows.size();
  Peopled out;
  out.tiles.resize(n);
  std::vector<std::size_t> all(n);
  std::iota(all.begin(), all.end(), std::size_t{0});
  const auto order = by_size(all, [&](std::size_t i) { return vertices(countries.rows[i].polygons); });
  PW_CHECK(work::for_each(pool, n, [&](std::size_t k) -> Result<void> {
    out.tiles[order[k]] = geo::cover(grid, countries.rows[order[k]].polygons, geo::Predicate::center).tiles;
    return {};
  }));

  std::vector<Standing> standing;
  for (const auto& country : countries.rows) {
    standing.push_back(withdrawn(country.iso) ? Standing::withdrawn
                       : country.stand_in     ? Standing::stand_in
                                              : Standing::country);
  }
  auto ownership = assign_owners(out.tiles, standing);
  out.owned = std::move(ownership.owned);
  out.spreads.resize(n);
  out.borrowed.assign(n, 0);

  const LampReader reader(lamps, grid);
  const auto ground = make_ground(grid, reader);
  for (const auto& level : ownership.levels) {
    const auto turn = by_size(level, [&](std::size_t i) { return table[i].population == 0 ? 0 : out.owned[i].size(); });
    PW_CHECK(work::for_each(pool, turn.size(), [&](std::size_t k) -> Result<void> {
      const auto i = turn[k];
      for (const auto& lost : ownership.lost[i]) out.borrowed[i] += people_on(lost, out);
      const auto places = settlements.places.find(countries.rows[i].iso);
      const auto listed =
          places == settlements.places.end() ? std::span<const Place>() : std::span<const Place>(places->second);
      const auto listed_people = standing[i] == Standing::withdrawn ? 0.0 : static_cast<double>(table[i].population);
      const double total = std::max(0.0, listed_people - out.borrowed[i]);
      out.spreads[i] = spread_people(ground, out.owned[i], total, listed);
      return {};
    }));
  }
  return out;
}

void RasterFiller::fill_rural(const geo::Span& span, const std::vector<RuralBlock>& blocks, float* to) const {
  const auto& grid = ground_->grid;
  const auto row = grid.row_of(span.first);
  const auto line = row / ground_->block * blocks_across(*ground_);
  auto column = grid.column_of(span.first);
  auto block = std::ranges::lower_bound(blocks, line + column / ground_->block, {}, &RuralBlock::block);
  for (std::uint32_t left = span.length; left > 0;) {
    const auto at = column / ground_->block;
    const auto n = std::min(left, (at + 1) * ground_->block - column);
    while (block != blocks.end() && block->block < line + at) ++block;
    const bool found = block != blocks.end() && block->block == line + at;
    std::fill_n(to, n, found ? rural_people(static_cast<double>(block->per_km2), ground_->row_km2[row]) : 0.0F);
    to += n;
    column += n;
    left -= n;
  }
}

void RasterFiller::fill_span(const geo::Span& span, std::size_t country, std::uint64_t position, float* to) const {
  const auto& spread = peopled_->spreads[country];
  if (spread.people.empty()) {
    std::fill_n(to, span.length, 0.0F);
  } else if (part_ == Part::people) {
    std::copy_n(spread.people.data() + position, span.length, to);
  } else {
    fill_rural(span, spread.rural_blocks, to);
  }
}

void RasterFiller::fill(std::uint32_t first, std::uint32_t rows, std::span<float> values) {
  const auto begin = ground_->grid.id(first, 0), end = ground_->grid.id(first + rows, 0);
  for (std::size_t i = 0; i < peopled_->owned.size(); ++i) {
    const auto& tiles = peopled_->owned[i];
    for (auto& s = next_[i]; s < tiles.spans().size() && tiles.spans()[s].first < end; ++s) {
      const auto& span = tiles.spans()[s];
      fill_span(span, i, tiles.start_of(s), values.data() + (span.first - begin));
    }
  }
}

}  // namespace placewright::world
