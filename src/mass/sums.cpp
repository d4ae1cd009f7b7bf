#include <algorithm>
#include <array>

#include "mass/blocks.hpp"
#include "work/shelf.hpp"

namespace placewright::mass {
namespace {

// Sums of one country inside one window.
struct Piece {
  std::size_t country;
  std::vector<BlockSum> blocks;  // ascending by row and column
};

class WindowSums {
 public:
  WindowSums(const geo::Grid& grid, const CellMass& law, const CellAreas& areas, const CellPeople& cells)
      : grid_(grid),
        law_(law),
        areas_(areas),
        cells_(cells),
        level_(geo::block_level(grid)),
        first_column_(cells.window.first_column >> level_),
        columns_(((cells.window.first_column + cells.window.columns - 1) >> level_) - first_column_ + 1),
        row_(columns_) {}

  std::vector<BlockSum> of(const geo::TileSet& tiles) {
    done_.clear();
    const auto& window = cells_.window;
    for (std::uint32_t row = window.first_row; row < window.first_row + window.rows; ++row) {
      if (row >> level_ != block_row_) close_row();
      block_row_ = row >> level_;
      add_row(tiles, row);
    }
    close_row();
    return {done_.begin(), done_.end()};  // no longer than it must be: the pieces of all countries wait together
  }

 private:
  void add_row(const geo::TileSet& tiles, std::uint32_t row) {
    const auto& window = cells_.window;
    const auto spans = tiles.spans();
    const auto begin = grid_.id(row, window.first_column), end = begin + window.columns;
    auto span = std::ranges::upper_bound(spans, begin, {}, &geo::Span::first);
    if (span != spans.begin() && (span - 1)->first + (span - 1)->length > begin) --span;
    for (; span != spans.end() && span->first < end; ++span) {
      const auto first = std::max(span->first, begin), last = std::min<TileId>(span->first + span->length, end);
      add_span(row, grid_.column_of(first), static_cast<std::uint32_t>(last - first));
    }
  }

  // Cut where blocks end; on a rotated grid, whose cells differ in area, cell by cell.
  void add_span(std::uint32_t row, std::uint32_t column, std::uint32_t count) {
    const auto& window = cells_.window;
    auto at = static_cast<std::size_t>(row - window.first_row) * window.columns + (column - window.first_column);
    used_ = true;
    while (count > 0) {
      const auto to_edge = (((column >> level_) + 1) << level_) - column;
      const auto n = grid_.rotated() ? 1 : std::min({count, to_edge, kStretch});
      add_stretch(row_[(column >> level_) - first_column_], areas_.m2(row, column), at, n);
      at += n;
      column += n;
      count -= n;
    }
  }

  void add_stretch(BlockSum& sum, std::uint64_t area, std::size_t at, std::uint32_t n) {
    sum.tiles += n;
    sum.area_m2 += area * n;
    const auto* people = cells_.people.data() + at;
    const auto* rural = cells_.rural_at(at);
    if (uniform(at, n)) {
      add_like(sum, {people, rural, 1, area}, n);
    } else {
      law_.add({people, rural, n, area}, sum.sums);
    }
  }

  // `n` cells like the one given; where nobody lives for hundreds of cells on end, they are weighed once.
  void add_like(BlockSum& sum, const Stretch& cell, std::uint32_t n) {
    const float rural = cell.rural == nullptr ? 0 : *cell.rural;
    if (*cell.people != last_people_ || rural != last_rural_ || cell.area_m2 != last_area_) {
      last_ = {};
      law_.add(cell, last_);
      last_people_ = *cell.people;
      last_rural_ = rural;
      last_area_ = cell.area_m2;
    }
    sum.sums.people += last_.people * n;
    sum.sums.demand += last_.demand * n;
    for (std::size_t level = 0; level < kLevels; ++level) sum.sums.mass[level] += last_.mass[level] * n;
  }

  // Most of the land has nobody, or one thin figure for many cells on end.
  bool uniform(std::size_t at, std::uint32_t n) const {
    return equal(cells_.people, at, n) && (cells_.rural.empty() || equal(cells_.rural, at, n));
  }
  static bool equal(const std::vector<float>& values, std::size_t at, std::uint32_t n) {
    std::int32_t differ = 0;
    for (std::uint32_t i = 0; i < n; ++i) differ |= static_cast<std::int32_t>(values[at + i] != values[at]);
    return differ == 0;
  }

  void close_row() {
    if (!used_) return;
    for (std::uint32_t c = 0; c < columns_; ++c) {
      if (row_[c].tiles == 0) continue;
      row_[c].at = {block_row_, first_column_ + c};
      done_.push_back(row_[c]);
      row_[c] = {};
    }
    used_ = false;
  }

  const geo::Grid& grid_;
  const CellMass& law_;
  const CellAreas& areas_;
  const CellPeople& cells_;
  unsigned level_;
  std::uint32_t first_column_, columns_;
  std::vector<BlockSum> row_;  // of blocks
  std::vector<BlockSum> done_;
  float last_people_ = 0, last_rural_ = 0;
  std::uint64_t last_area_ = 0;  // no cell's
  StretchSums last_;
  std::uint32_t block_row_ = 0;
  bool used_ = false;
};

constexpr std::uint64_t kCellsPerWindow = 500'000;  // people and sums of a window stay in the processor's cache

// The countries that have a tile in each window, ascending. Most of the raster is sea that need not be read.
std::vector<std::vector<std::size_t>> countries_of(const geo::Grid& grid, std::span<const CellWindow> windows,
                                                   std::span<const geo::TileSet> countries) {
  const auto& window = windows.front();
  std::vector<std::vector<std::size_t>> here(windows.size());
  for (std::size_t c = 0; c < countries.size(); ++c) {
    for (const auto& span : countries[c].spans()) {
      const auto last = window_at(window, grid, span.first + span.length - 1);
      for (auto i = window_at(window, grid, span.first); i <= last; ++i)
        if (here[i].empty() || here[i].back() != c) here[i].push_back(c);
    }
  }
  return here;
}

}  // namespace

std::vector<CellWindow> sum_windows(const PeopleRaster& raster) {
  return raster.windows(1U << geo::block_level(raster.grid()), kCellsPerWindow);
}

Result<std::vector<BlockSums>> sum_blocks(const PeopleRaster& raster, const CellMass& law,
                                          std::span<const geo::TileSet> countries, work::Pool& pool,
                                          const std::function<void()>& advance) {
  const auto windows = sum_windows(raster);
  const CellAreas areas(raster.grid());
  const auto here = countries_of(raster.grid(), windows, countries);
  std::vector<BlockSums> sums(countries.size());
  work::Shelf<CellPeople> shelf;
  const auto produce = [&](std::size_t i) -> Result<std::vector<Piece>> {
    std::vector<Piece> pieces;
    if (here[i].empty()) return pieces;
    auto cells = shelf.take().value_or(CellPeople());
    PW_CHECK(raster.read(windows[i], cells));
    WindowSums window(raster.grid(), law, areas, cells);
    for (const auto c : here[i]) pieces.push_back({c, window.of(countries[c])});
    shelf.put(std::move(cells));
    return pieces;
  };
  const auto consume = [&](std::size_t, std::vector<Piece>&& pieces) -> Result<void> {
    for (auto& piece : pieces) sums[piece.country].push_back(std::move(piece.blocks));
    advance();
    return {};
  };
  PW_CHECK(work::ordered<std::vector<Piece>>(pool, windows.size(), produce, consume));
  return sums;
}

}  // namespace placewright::mass
