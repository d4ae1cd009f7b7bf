// Points spread evenly over the ground of a tile, and a way out where hardly any of the tile is land
// (docs/states/s6.md).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "geo/grid.hpp"
#include "geo/polygon.hpp"

namespace placewright::geo {

// A place as an offset from the tile's centre, across the antimeridian too, and as the point that a reader makes of it:
// centre plus offset, longitude wrapped.
struct Offset {
  double lat = 0, lon = 0;
  Point point;
};

// How the ground narrows between a tile's edges: cosines of latitude. The same for all tiles of a row that is not
// rotated, and worth keeping: they cost more than all the rest of an offset.
struct Narrowing {
  double south = 1, north = 1;
};
Narrowing narrowing(const TileBounds& tile);

// Longitude and sine of latitude even between the tile's edges, so that every square metre is equally likely; the
// cosine counts as linear inside the tile (off by the square of the tile's height in radians). 0 < u < 1.
Offset even_offset(const TileBounds& tile, const Narrowing& ground, double u_lon, double u_lat);
inline Offset even_offset(const TileBounds& tile, double u_lon, double u_lat) {
  return even_offset(tile, narrowing(tile), u_lon, u_lat);
}

// Does the rectangle hold the point? Closed, exact, also across the antimeridian.
bool holds(const TileBounds& tile, Point point);

// 64 x 64 places of the tile in an order that the two words decide; the first that is accepted, else the centre.
Offset way_out(const TileBounds& tile, std::uint64_t word0, std::uint64_t word1,
               const std::function<bool(Point)>& accepted);

}  // namespace placewright::geo
