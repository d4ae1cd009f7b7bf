#include "geo/blocks.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace placewright::geo {
namespace {

constexpr double kBlockDegrees = 4.0 / 60;

bool around_the_globe(const Grid& grid) {
  return std::abs(grid.columns * std::abs(grid.a) - 360) < std::abs(grid.a) / 2;
}

std::vector<bool> columns_in_use(const Grid& grid, const TileSet& tiles, unsigned level, std::uint32_t columns) {
  std::vector<bool> used(columns);
  for (const auto& span : tiles.spans()) {
    const auto first = grid.column_of(span.first);
    for (auto c = first >> level; c <= (first + span.length - 1) >> level; ++c) used[c] = true;
  }
  return used;
}

struct Stretch {
  std::uint32_t first, length;
};

// From the first used column to the last one; around the globe, all but the widest gap (the westernmost of equals).
Stretch extent(const std::vector<bool>& used, bool wraps) {
  const auto n = static_cast<std::uint32_t>(used.size());
  std::vector<std::uint32_t> columns;
  for (std::uint32_t c = 0; c < n; ++c)
    if (used[c]) columns.push_back(c);
  Stretch best{columns.front(), columns.back() - columns.front() + 1};
  if (!wraps) return best;
  for (std::size_t i = 1; i < columns.size(); ++i) {
    const auto length = n - (columns[i] - columns[i - 1]) + 1;
    if (length < best.length) best = {columns[i], length};
  }
  return best;
}

}  // namespace

unsigned block_level(const Grid& grid) {
  const double cells = kBlockDegrees / std::abs(grid.a);
  unsigned level = 0;
  while (level < 15 && (1U << level) * 1.41421356 < cells) ++level;
  return level;
}

BlockFrame::BlockFrame(const Grid& grid, const TileSet& tiles) : level_(block_level(grid)) {
  columns_ = ((grid.columns - 1) >> level_) + 1;
  const auto stretch = extent(columns_in_use(grid, tiles, level_, columns_), around_the_globe(grid));
  first_column_ = stretch.first;
  width_ = stretch.length;
  first_row_ = grid.row_of(tiles.spans().front().first) >> level_;
  height_ = (grid.row_of(tiles.spans().back().first) >> level_) - first_row_ + 1;
  order_ = static_cast<unsigned>(std::bit_width(std::max(width_, height_) - 1));
}

Place BlockFrame::place_of(BlockAt block) const {
  const auto x = block.column >= first_column_ ? block.column - first_column_ : block.column + columns_ - first_column_;
  return {x, block.row - first_row_};
}

BlockAt BlockFrame::at(std::uint64_t index) const {
  const auto place = hilbert_place(order_, index);
  return {place.y + first_row_, (place.x + first_column_) % columns_};
}

std::vector<Place> BlockFrame::cells_of(std::uint64_t index) const {
  const auto corner = hilbert_place(order_, index);
  const auto count = std::uint64_t{1} << (2 * level_);
  std::vector<Place> cells;
  cells.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto cell = hilbert_place(order_ + level_, (index << (2 * level_)) + i);
    cells.push_back({cell.x - (corner.x << level_), cell.y - (corner.y << level_)});
  }
  return cells;
}

}  // namespace placewright::geo
