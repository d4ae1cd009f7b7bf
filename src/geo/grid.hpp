// The raster's geometry: rows, columns, affine transform. Tile id = row * columns + column.
#pragma once

#include <cstdint>

#include "base/ids.hpp"
#include "geo/polygon.hpp"

namespace placewright::geo {

// Affine of GDAL order renamed as the specs write it: lon = c + a*col + b*row, lat = f + d*col + e*row, in degrees.
struct Grid {
  std::uint32_t columns = 0;
  std::uint32_t rows = 0;
  double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0;

  bool rotated() const { return !(b == 0 && d == 0); }
  TileId id(std::uint32_t row, std::uint32_t column) const { return static_cast<TileId>(row) * columns + column; }
  std::uint32_t row_of(TileId tile) const { return static_cast<std::uint32_t>(tile / columns); }
  std::uint32_t column_of(TileId tile) const { return static_cast<std::uint32_t>(tile % columns); }
  friend bool operator==(const Grid&, const Grid&) = default;
};

// Rectangle and centre of a cell as S1 publishes them (spec S0-S1 §3.8): longitudes wrapped one by one into
// [-180, 180], so a cell across the seam has min_lon > max_lon.
struct TileBounds {
  double min_lon = 0, max_lon = 0, min_lat = 0, max_lat = 0;
  double centroid_lon = 0, centroid_lat = 0;
};
TileBounds tile_bounds(const Grid& grid, std::uint32_t row, std::uint32_t column);

// The same rectangle unwrapped, as predicates see it: left = c + a * column, right = left + a, and so for latitudes.
// Rotated grids: the box of the upper left and lower right corners.
Box cell_box(const Grid& grid, std::uint32_t row, std::uint32_t column);

// > 180 loses 360, then < -180 gains 360; the bounds themselves stay.
constexpr double wrap_longitude(double lon) {
  if (lon > 180.0) lon -= 360.0;
  return lon < -180.0 ? lon + 360.0 : lon;
}

}  // namespace placewright::geo
