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

// An aligned square of the curve is the curve of that order, mirrored along a diagonal, along the other, or turned.
std::array<std::vector<Place>, 4> pieces_of(unsigned level) {
  const std::uint32_t last = (1U << level) - 1;
  std::array<std::vector<Place>, 4> pieces;
  for (std::uint64_t i = 0; i < std::uint64_t{1} << (2 * level); ++i) {
    const auto [x, y] = hilbert_place(level, i);
    pieces[0].push_back({x, y});
    pieces[1].push_back({y, x});
    pieces[2].push_back({last - x, last - y});
    pieces[3].push_back({last - y, last - x});
  }
  return pieces;
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
  pieces_ = pieces_of(level_);
}

Place BlockFrame::place_of(BlockAt block) const {
  const auto x = block.column >= first_column_ ? block.column - first_column_ : block.column + columns_ - first_column_;
  return {x, block.row - first_row_};
}

BlockAt BlockFrame::at(std::uint64_t index) const {
  const auto place = hilbert_place(order_, index);
  return {place.y + first_row_, (place.x + first_column_) % columns_};
}

const std::vector<Place>& BlockFrame::cells_of(std::uint64_t index) const {
  const auto cells = std::uint64_t{1} << (2 * level_);
  const auto mask = side() - 1;
  const auto cell = [&](std::uint64_t i) {
    const auto place = hilbert_place(order_ + level_, (index << (2 * level_)) + i);
    return Place{place.x & mask, place.y & mask};
  };
  const Place first = cell(0), last = cell(cells - 1);
  return *std::ranges::find_if(
      pieces_, [&](const std::vector<Place>& piece) { return piece.front() == first && piece.back() == last; });
}

}  // namespace placewright::geo
