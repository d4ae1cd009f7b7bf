// Square blocks of cells, aligned to the grid and numbered along a Hilbert curve over one country.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "geo/grid.hpp"
#include "geo/hilbert.hpp"
#include "geo/tile_set.hpp"

namespace placewright::geo {

// log2 of the cells along a block's side: the power of two nearest to 4 arc minutes (8 cells of 30 arc seconds), at
// least one cell.
unsigned block_level(const Grid& grid);

// Block rows and columns of the whole grid; the last ones may be cut off by its edge.
struct BlockAt {
  std::uint32_t row = 0, column = 0;
  friend auto operator<=>(const BlockAt&, const BlockAt&) = default;
};

//  (1) All blocks that hold a tile of the country lie inside width x height blocks from the frame's north-west corner.
//  (2) On a grid around the globe, columns are counted from behind the widest stretch of longitudes without a tile, so
//  that a country across the antimeridian is in one piece.
class BlockFrame {
 public:
  // REQUIRES: tiles is not empty.
  BlockFrame(const Grid& grid, const TileSet& tiles);

  unsigned level() const { return level_; }
  unsigned order() const { return order_; }            // of the curve through the blocks
  std::uint32_t side() const { return 1U << level_; }  // cells
  std::uint32_t width() const { return width_; }       // blocks
  std::uint32_t height() const { return height_; }
  BlockAt of(std::uint32_t row, std::uint32_t column) const { return {row >> level_, column >> level_}; }
  // From the frame's corner; REQUIRES law (1).
  Place place_of(BlockAt block) const;
  BlockAt at(std::uint64_t index) const;
  // Cells of a block in curve order, as offsets (x east, y south) from its north-western cell. Valid as long as the
  // frame.
  const std::vector<Place>& cells_of(std::uint64_t index) const;

 private:
  unsigned level_ = 0, order_ = 0;
  std::uint32_t columns_ = 0;  // of blocks around the grid
  std::uint32_t first_column_ = 0, first_row_ = 0;
  std::uint32_t width_ = 0, height_ = 0;
  std::array<std::vector<Place>, 4> pieces_;  // the curve through a block, in each of the ways it lies
};

}  // namespace placewright::geo
