#include "geo/area.hpp"

#include <geodesic.h>

#include <array>
#include <cmath>

namespace placewright::geo {
namespace {

const geod_geodesic& wgs84() {
  static const geod_geodesic kEllipsoid = [] {
    geod_geodesic g;
    geod_init(&g, 6378137.0, 1 / 298.257223563);
    return g;
  }();
  return kEllipsoid;
}

// The edges are geodesics, not parallels: at one degree that is 5e-5 of the area.
double quadrangle_area(double west, double south, double east, double north) {
  std::array<double, 4> lats = {south, south, north, north};
  std::array<double, 4> lons = {west, east, east, west};
  double area = 0, perimeter = 0;
  geod_polygonarea(&wgs84(), lats.data(), lons.data(), 4, &area, &perimeter);
  return std::abs(area);
}

double ring_area(const Ring& ring) {
  geod_polygon sum;
  geod_polygon_init(&sum, 0);
  for (const auto& p : ring) geod_polygon_addpoint(&wgs84(), &sum, p.lat, p.lon);
  double area = 0;
  geod_polygon_compute(&wgs84(), &sum, 0, 1, &area, nullptr);
  return std::abs(area);
}

}  // namespace

double cell_area(const Grid& grid, std::uint32_t row, std::uint32_t column) {
  const auto box = tile_bounds(grid, row, column);
  if (grid.rotated()) return quadrangle_area(box.min_lon, box.min_lat, box.max_lon, box.max_lat);
  // One meridian for all columns, so that a row has one area.
  return quadrangle_area(0, box.min_lat, std::abs(grid.a), box.max_lat);
}

double polygon_area(const Polygon& polygon) {
  double area = ring_area(polygon.exterior);
  for (const auto& hole : polygon.holes) area -= ring_area(hole);
  return area;
}

std::vector<double> row_areas(const Grid& grid) {
  std::vector<double> areas(grid.rows);
  for (std::uint32_t row = 0; row < grid.rows; ++row) areas[row] = cell_area(grid, row, 0);
  return areas;
}

}  // namespace placewright::geo
