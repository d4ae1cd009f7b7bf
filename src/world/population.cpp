#include "world/population.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "geo/area.hpp"
#include "world/kernels.hpp"

namespace placewright::world {
namespace {

constexpr double kSettledCap = 0.85;  // of the country, at most, around listed places
constexpr double kLitCap = 0.20;      // of the country, at most, by light alone
constexpr double kRuralNear = 0.90;   // of the rural people, near places; the others by area
constexpr double kRuralKm = 25, kRuralReachKm = 100;
constexpr double kFarKm =
    25;  // a place farther than this from every cell of its country (and than two cells) is left out
constexpr double kUnit = 0x1p20;  // steps per person
constexpr int kBits = 13;         // significant bits of a cell
constexpr std::uint32_t kStripRows = 8;

// Rural density by block: sum over places of sqrt(people) * exp(-d / 25 km) at block centres.
class RuralField {
 public:
  RuralField(const Ground& ground, const RowSpans& rows, std::span<const Place> places)
      : ground_(ground),
        columns_((ground.grid.columns + ground.block - 1) / ground.block),
        first_(rows.first_row() / ground.block),
        end_((rows.end_row() + ground.block - 1) / ground.block) {
    if (places.empty()) return;
    values_.assign(static_cast<std::size_t>(end_ - first_) * columns_, 0);
    for (const auto& place : places) add(place);
  }
  double at(std::uint32_t block_row, std::uint32_t block_column) const {
    return values_.empty() ? 0 : values_[static_cast<std::size_t>(block_row - first_) * columns_ + block_column];
  }

 private:
  void add(const Place& place) {
    const auto& grid = ground_.grid;
    const double size = ground_.block, km_degree = kKmPerDegree * cosine_of_latitude(place.lat);
    const double row = ((place.lat - grid.f) / grid.e) / size - 0.5,
                 column = ((place.lon - grid.c) / grid.a) / size - 0.5;
    const double height = kRuralReachKm / (-grid.e * size * kKmPerDegree),
                 width = kRuralReachKm / (grid.a * size * km_degree);
    const auto top = std::max<std::int64_t>(static_cast<std::int64_t>(std::ceil(row - height)), first_);
    const auto bottom = std::min<std::int64_t>(static_cast<std::int64_t>(std::floor(row + height)),
                                               static_cast<std::int64_t>(end_) - 1);
    const double half = std::min(width, columns_ / 2.0 - 1);
    const auto west = static_cast<std::int64_t>(std::ceil(column - half)),
               east = static_cast<std::int64_t>(std::floor(column + half));
    if (west > east) return;
    const double weight = std::sqrt(place.people), step = grid.a * size * km_degree;
    std::vector<double> kernel(static_cast<std::size_t>(east - west + 1));
    for (auto r = top; r <= bottom; ++r) {
      const double dy = (static_cast<double>(r) - row) * -grid.e * size * kKmPerDegree;
      kernel_values((static_cast<double>(west) - column) * step, step, dy, kRuralKm, kRuralReachKm, kernel);
      auto* const line = values_.data() + static_cast<std::size_t>(r - first_) * columns_;
      const auto wide = static_cast<std::int64_t>(columns_);
      for (std::size_t i = 0; i < kernel.size(); ++i) {
        const auto c = ((west + static_cast<std::int64_t>(i)) % wide + wide) % wide;
        line[c] += weight * kernel[i];
      }
    }
  }

  const Ground& ground_;
  std::uint32_t columns_, first_, end_;
  std::vector<double> values_;
};

// Bits that a cell of so many units may not use.
int spare_bits(std::uint64_t units) { return std::max(0, static_cast<int>(std::bit_width(units)) - kBits); }

// Rounds to steps of 2^-20 person and 13 significant bits.
std::int64_t quantised(double people) {
  auto units = static_cast<std::uint64_t>(std::nearbyint(people * kUnit));
  const int spare = spare_bits(units);
  if (spare > 0) units = ((units + (std::uint64_t{1} << (spare - 1))) >> spare) << spare;
  return static_cast<std::int64_t>(units);
}

std::int64_t units_of(float people) { return static_cast<std::int64_t>(static_cast<double>(people) * kUnit); }
float people_of(std::int64_t units) { return static_cast<float>(static_cast<double>(units) / kUnit); }

class CountryModel {
 public:
  CountryModel(const Ground& ground, const geo::TileSet& tiles, double total, std::span<const Place> places)
      : ground_(ground),
        tiles_(tiles),
        rows_(ground.grid, tiles),
        places_(places),
        total_(total),
        kernels_(ground, tiles, rows_),
        rural_field_(ground, rows_, places) {}

  Spread run() {
    measure_places();
    measure_cells();
    split_total();
    out_.people.resize(tiles_.size());
    order_places();
    for (auto r = rows_.first_row(); r < rows_.end_row(); r += kStripRows) {
      fill_strip(r, std::min(r + kStripRows, rows_.end_row()));
      merge_rural_blocks();
    }
    meet_total();
    return std::move(out_);
  }

 private:
  struct Reached {
    Kernels::Window window;
    double weight;
    std::uint64_t position;
    bool single;  // no cell in reach: all people in the nearest one
  };

  // Calls use(span index, row, first column, cells, block column) for each stretch of a row's spans inside one block.
  template <class Use>
  void stretches(std::uint32_t row, const Use& use) const {
    const auto [begin, end] = rows_.of(row);
    for (auto s = begin; s < end; ++s) {
      const auto& span = tiles_.spans()[s];
      std::uint32_t column = ground_.grid.column_of(span.first);
      auto position = tiles_.start_of(s);
      for (std::uint32_t left = span.length; left > 0;) {
        const auto block = column / ground_.block;
        const auto n = std::min(left, (block + 1) * ground_.block - column);
        use(position, column, n, block);
        column += n;
        position += n;
        left -= n;
      }
    }
  }

  // First sweep over the places: the sum of each kernel, so that it can be normalised.
  void measure_places() {
    double own = 0;
    std::vector<double> values;
    reached_.reserve(places_.size());
    for (const auto& place : places_) {
      Reached reached{kernels_.window(place), 0, 0, false};
      const double sum = kernels_.sum(place, reached.window, values);
      if (sum > 0) {
        reached.weight = place.own / sum;
      } else {
        reach_nearest(place, reached);
      }
      if (reached.weight > 0) own += place.own;
      reached_.push_back(reached);
    }
    const double share = own > 0 ? std::min(1.0, kSettledCap * total_ / own) : 0;
    out_.settled = share * own;
    out_.moved_people *= share;
    for (auto& reached : reached_) reached.weight *= share;
  }

  // A place just off its country's cells (an islet, a harbour) moves to the nearest; one far beyond them, where list
  // and polygons disagree about a border, has no weight.
  void reach_nearest(const Place& place, Reached& reached) {
    const auto nearest = kernels_.nearest(place);
    reached.single = true;
    reached.position = nearest.position;
    reached.window.first_row = ground_.grid.row_of(tiles_.id_at(nearest.position));
    reached.window.end_row = reached.window.first_row + 1;
    if (nearest.km > std::max(kFarKm, -2 * ground_.grid.e * kKmPerDegree)) {
      ++out_.far;
      out_.far_people += place.own;
      return;
    }
    reached.weight = place.own;
    ++out_.moved;
    out_.moved_people += place.own;
  }

  // First sweep over the cells: sums of area, area * light and area * rural density.
  void measure_cells() {
    std::vector<double> light;
    for (auto r = rows_.first_row(); r < rows_.end_row(); ++r) {
      const double km2 = ground_.row_km2[r];
      stretches(r, [&](std::uint64_t, std::uint32_t column, std::uint32_t n, std::uint32_t block) {
        light.resize(n);
        ground_.lamps.read(r, column, n, light.data());
        for (const double l : light) light_sum_ += km2 * l;
        area_sum_ += km2 * n;
        rural_sum_ += km2 * n * rural_field_.at(r / ground_.block, block);
      });
    }
  }

  void split_total() {
    out_.lit = light_sum_ > 0 ? std::min(total_ - out_.settled, kLitCap * total_) : 0;
    out_.rural = std::max(0.0, total_ - out_.settled - out_.lit);
    const double near = rural_sum_ > 0 ? kRuralNear : 0;
    per_light_ = light_sum_ > 0 ? out_.lit / light_sum_ : 0;
    per_density_ = rural_sum_ > 0 ? near * out_.rural / rural_sum_ : 0;
    per_area_ = (1 - near) * out_.rural / area_sum_;
  }

  void order_places() {
    by_row_.resize(places_.size());
    std::iota(by_row_.begin(), by_row_.end(), std::size_t{0});
    std::ranges::stable_sort(by_row_, {}, [this](std::size_t p) { return reached_[p].window.first_row; });
  }

  // Second sweep: a strip adds the places whose window meets it, in rank order, then light and rural people.
  void fill_strip(std::uint32_t first, std::uint32_t end) {
    const auto spans = rows_.of(first).first, last = rows_.of(end - 1).second;
    if (spans == last) return;
    const auto begin = tiles_.start_of(spans);
    const auto stop = last < tiles_.spans().size() ? tiles_.start_of(last) : tiles_.size();
    strip_.assign(stop - begin, 0);
    std::erase_if(active_, [&](std::size_t p) { return reached_[p].window.end_row <= first; });
    for (; next_ < by_row_.size() && reached_[by_row_[next_]].window.first_row < end; ++next_)
      active_.push_back(by_row_[next_]);
    std::ranges::sort(active_);
    for (const auto p : active_) add_place(p, first, end, begin);
    for (auto r = first; r < end; ++r) {
      const double km2 = ground_.row_km2[r];
      stretches(r, [&](std::uint64_t position, std::uint32_t column, std::uint32_t n, std::uint32_t block) {
        values_.resize(n);
        ground_.lamps.read(r, column, n, values_.data());
        const double per_km2 = per_area_ + per_density_ * rural_field_.at(r / ground_.block, block);
        if (per_km2 > 0)
          out_.rural_blocks.push_back({r / ground_.block * columns_ + block, static_cast<float>(per_km2)});
        const double even = km2 * per_km2;
        for (std::uint32_t i = 0; i < n; ++i) {
          const auto units = quantised(strip_[position - begin + i] + even + per_light_ * km2 * values_[i]);
          placed_ += units;
          out_.people[position + i] = people_of(units);
        }
      });
    }
  }

  // A strip names a block once for every row; what it adds to the list is sorted and made unique.
  void merge_rural_blocks() {
    auto& blocks = out_.rural_blocks;
    const auto row =
        merged_ > 0 ? blocks[merged_ - 1].block / columns_ * columns_ : 0;  // strips may cut a row of blocks
    const auto begin = std::ranges::lower_bound(blocks.begin(), blocks.begin() + static_cast<std::ptrdiff_t>(merged_),
                                                row, {}, &RuralBlock::block);
    std::ranges::sort(begin, blocks.end(), {}, &RuralBlock::block);
    blocks.erase(
        std::unique(begin, blocks.end(), [](const RuralBlock& a, const RuralBlock& b) { return a.block == b.block; }),
        blocks.end());
    merged_ = blocks.size();
  }

  void add_place(std::size_t p, std::uint32_t first, std::uint32_t end, std::uint64_t begin) {
    const auto& reached = reached_[p];
    if (reached.single) {
      if (reached.window.first_row >= first && reached.window.first_row < end)
        strip_[reached.position - begin] += reached.weight;
      return;
    }
    const auto stop = std::min(end, reached.window.end_row);
    for (auto r = std::max(first, reached.window.first_row); r < stop; ++r) {
      kernels_.row(places_[p], reached.window, r, values_, [&](const Piece& piece, std::span<const double> kernel) {
        auto* const to = strip_.data() + (piece.position - begin);
        for (std::size_t i = 0; i < kernel.size(); ++i) to[i] += reached.weight * kernel[i];
      });
    }
  }

  // Rounding left the sum a little off. The difference is handed out along the cells in proportion to their people, in
  // steps that keep the cell's bits; what no step can carry goes to the fullest cell.
  void meet_total() {
    const auto target = static_cast<std::int64_t>(std::nearbyint(total_ * kUnit));
    const auto missing = target - placed_;
    const double rate = placed_ > 0 ? static_cast<double>(missing) / static_cast<double>(placed_) : 0;
    std::int64_t seen = 0, given = 0;
    std::size_t fullest = 0;
    for (std::size_t i = 0; i < out_.people.size(); ++i) {
      auto units = units_of(out_.people[i]);
      seen += units;
      const auto due = static_cast<std::int64_t>(rate * static_cast<double>(seen)) - given;
      const auto step = std::int64_t{1} << spare_bits(static_cast<std::uint64_t>(units));
      if (units > 0 && std::abs(due) >= step) {
        const auto change = due > 0 ? step : -step;
        given += change;
        out_.people[i] = people_of(units + change);
      }
      if (out_.people[i] > out_.people[fullest]) fullest = i;
    }
    auto& cell = out_.people[fullest];
    const auto rest = units_of(cell) + missing - given;
    const auto others = placed_ + given - units_of(cell);
    cell = people_of(std::max<std::int64_t>(rest, 0));
    out_.total = static_cast<double>(others + units_of(cell)) / kUnit;
  }

  const Ground& ground_;
  const geo::TileSet& tiles_;
  const RowSpans rows_;
  const std::span<const Place> places_;
  const double total_;
  const Kernels kernels_;
  const RuralField rural_field_;
  std::vector<Reached> reached_;
  double area_sum_ = 0, light_sum_ = 0, rural_sum_ = 0;
  double per_area_ = 0, per_density_ = 0, per_light_ = 0;
  std::vector<std::size_t> by_row_, active_;
  std::size_t next_ = 0;
  std::vector<double> strip_, values_;
  const std::uint32_t columns_ = blocks_across(ground_);
  std::size_t merged_ = 0;  // rural blocks that are in order
  std::int64_t placed_ = 0;
  Spread out_;
};

}  // namespace

std::uint32_t blocks_across(const Ground& ground) { return (ground.grid.columns + ground.block - 1) / ground.block; }

float rural_people(double per_km2, double km2) { return people_of(quantised(per_km2 * km2)); }

Ground make_ground(const geo::Grid& grid, const LampReader& lamps) {
  Ground ground{grid, geo::row_areas(grid), lamps, 8};
  // Quantised like everything that a library's last bit could reach.
  for (auto& area : ground.row_km2) area = std::nearbyint(area * 1024) / 1024 / 1e6;
  const double cells = 4.0 / 60 / grid.a;
  ground.block = static_cast<std::uint32_t>(std::max(1.0, std::nearbyint(cells)));
  return ground;
}

Spread spread_people(const Ground& ground, const geo::TileSet& tiles, double total, std::span<const Place> places) {
  if (tiles.empty() || !(total > 0)) return {};
  return CountryModel(ground, tiles, total, places).run();
}

}  // namespace placewright::world
