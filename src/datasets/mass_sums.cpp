#include <algorithm>

#include "datasets/mass_blocks.hpp"

namespace placewright::datasets {
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
    std::vector<BlockSum> out;
    const auto& window = cells_.window;
    for (std::uint32_t row = window.first_row; row < window.first_row + window.rows; ++row) {
      if (row >> level_ != block_row_) close_row(out);
      block_row_ = row >> level_;
      add_row(tiles, row);
    }
    close_row(out);
    return out;
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
      add_cells(row, grid_.column_of(first), static_cast<std::uint32_t>(last - first));
    }
  }

  void add_cells(std::uint32_t row, std::uint32_t column, std::uint32_t count) {
    const auto& window = cells_.window;
    const auto line = static_cast<std::size_t>(row - window.first_row) * window.columns;
    used_ = true;
    for (; count > 0; --count, ++column) {
      auto& sum = row_[(column >> level_) - first_column_];
      const auto at = line + (column - window.first_column);
      const auto people = people_units(cells_.people[at]);
      const auto demand = cells_.rural.empty() ? people : demand_units(people, cells_.rural[at], law_.uncounted());
      const auto area = areas_.m2(row, column);
      ++sum.tiles;
      sum.area_m2 += area;
      sum.people += people;
      sum.demand += demand;
      law_.add(demand, area, sum.mass);
    }
  }

  void close_row(std::vector<BlockSum>& out) {
    if (!used_) return;
    for (std::uint32_t c = 0; c < columns_; ++c) {
      if (row_[c].tiles == 0) continue;
      row_[c].at = {block_row_, first_column_ + c};
      out.push_back(row_[c]);
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
  std::uint32_t block_row_ = 0;
  bool used_ = false;
};

}  // namespace

Result<std::vector<std::vector<BlockSum>>> sum_blocks(const PeopleRaster& raster, const CellMass& law,
                                                      std::span<const geo::TileSet> countries, work::Pool& pool,
                                                      const std::function<void()>& advance) {
  const auto windows = raster.windows(1U << geo::block_level(raster.grid()));
  const CellAreas areas(raster.grid());
  std::vector<std::vector<BlockSum>> sums(countries.size());
  const auto touches = [&](const CellWindow& window) {
    const auto begin = raster.grid().id(window.first_row, 0), end = raster.grid().id(window.first_row + window.rows, 0);
    return std::ranges::any_of(countries, [&](const geo::TileSet& tiles) {
      const auto span = std::ranges::lower_bound(tiles.spans(), begin, {}, &geo::Span::first);
      return span != tiles.spans().end() && span->first < end;
    });
  };
  PW_CHECK(work::ordered<std::vector<Piece>>(
      pool, windows.size(),
      [&](std::size_t i) -> Result<std::vector<Piece>> {
        std::vector<Piece> pieces;
        if (!touches(windows[i])) return pieces;
        PW_TRY(const auto cells, raster.read(windows[i]));
        WindowSums window(raster.grid(), law, areas, cells);
        for (std::size_t c = 0; c < countries.size(); ++c) {
          if (auto blocks = window.of(countries[c]); !blocks.empty()) pieces.push_back({c, std::move(blocks)});
        }
        return pieces;
      },
      [&](std::size_t, std::vector<Piece>&& pieces) -> Result<void> {
        for (auto& piece : pieces)
          sums[piece.country].insert(sums[piece.country].end(), piece.blocks.begin(), piece.blocks.end());
        advance();
        return {};
      }));
  for (auto& blocks : sums) std::ranges::sort(blocks, {}, &BlockSum::at);
  return sums;
}

}  // namespace placewright::datasets
