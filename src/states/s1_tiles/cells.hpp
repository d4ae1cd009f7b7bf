// What S1 checks of tiles, computed once a raster row and once a column instead of once a tile.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "geo/coverage.hpp"
#include "geo/grid.hpp"

namespace placewright::states::s1_tiles {

// On a grid that is not rotated, the latitudes of a tile depend on its row only, its longitudes on its column only.
// A rotated grid has no such vectors; all of them are empty.
struct Cells {
  explicit Cells(const geo::Grid& grid);

  geo::Grid grid;
  std::vector<std::uint8_t> row_fits;         // latitudes of the row within -90 .. 90
  std::vector<std::uint8_t> row_has_area;     // so plainly that no tile of it need be asked
  std::vector<std::uint32_t> misfits_before;  // columns west of this one with a longitude out of range
};

// The three laws of spec S0-S1 §3.8 in their order: no tile twice, coordinates in range, areas positive.
Result<void> check_tiles(const Cells& cells, Iso country, const geo::Coverage& coverage);

}  // namespace placewright::states::s1_tiles
