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
                       : country.square       ? Standing::square
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

void RasterFiller::fill(std::uint32_t first, std::uint32_t rows, std::span<float> values) {
  const auto begin = grid_->id(first, 0), end = grid_->id(first + rows, 0);
  for (std::size_t i = 0; i < peopled_->owned.size(); ++i) {
    const auto& tiles = peopled_->owned[i];
    const auto& people = peopled_->spreads[i].people;
    for (auto& s = next_[i]; s < tiles.spans().size() && tiles.spans()[s].first < end; ++s) {
      const auto& span = tiles.spans()[s];
      auto* const to = values.data() + (span.first - begin);
      if (people.empty()) {
        std::fill_n(to, span.length, 0.0F);
      } else {
        std::copy_n(people.data() + tiles.start_of(s), span.length, to);
      }
    }
  }
}

}  // namespace placewright::world
