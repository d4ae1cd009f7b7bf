// Values of S1's tables, computed once a raster row and once a column instead of once a tile.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "geo/coverage.hpp"
#include "geo/grid.hpp"

namespace placewright::states::s1_tiles {

// On a grid that is not rotated, latitudes and area of a tile depend on its row only, longitudes on its column only.
// A rotated grid has no such vectors; all of them are empty.
struct Cells {
  enum class Areas { exact, unknown };  // unknown: `area` stays empty, for those who write no row
  explicit Cells(const geo::Grid& grid, Areas areas = Areas::exact);

  geo::Grid grid;
  std::vector<double> min_lat, max_lat, centroid_lat, area;  // by row
  std::vector<double> min_lon, max_lon, centroid_lon;        // by column, wrapped
  std::vector<std::uint8_t> row_fits;                        // latitudes of the row within -90 .. 90
  std::vector<std::uint32_t> misfits_before;                 // columns west of this one with a longitude out of range
};

// The three laws of spec S0-S1 §3.8 in their order: no tile twice, coordinates in range, areas positive.
Result<void> check_tiles(const Cells& cells, Iso country, const geo::Coverage& coverage);

}  // namespace placewright::states::s1_tiles
