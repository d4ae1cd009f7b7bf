// Geodesic area of the cells of a raster row.
#pragma once

#include <vector>

#include "geo/grid.hpp"
#include "geo/polygon.hpp"

namespace placewright::geo {

// pixel_area_m2 of every raster row on WGS84 (a = 6378137, f = 1/298.257223563): the geodesic polygon of one cell,
// Karney (2013), "Algorithms for geodesics", as PROJ's geodesic.h computes it; spec S0-S1 §3.8.
// REQUIRES: the grid is not rotated (each cell then has its own area; see cell_area).
std::vector<double> row_areas(const Grid& grid);
double cell_area(const Grid& grid, std::uint32_t row, std::uint32_t column);

// Geodesic area in square metres, holes taken off.
double polygon_area(const Polygon& polygon);

}  // namespace placewright::geo
