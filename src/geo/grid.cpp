#include "geo/grid.hpp"

#include <algorithm>
#include <array>

namespace placewright::geo {
namespace {

Point wrapped(Point p) { return {wrap_longitude(p.lon), p.lat}; }

TileBounds assembled(Point low, Point high, Point centre) {
  const auto a = wrapped(low), b = wrapped(high), c = wrapped(centre);
  return {a.lon, b.lon, a.lat, b.lat, c.lon, c.lat};
}

TileBounds rotated_bounds(const Grid& grid, double row, double column) {
  const auto at = [&](double x, double y) {
    return Point{x * grid.a + y * grid.b + grid.c, x * grid.d + y * grid.e + grid.f};
  };
  const std::array corners = {at(column, row), at(column + 1, row), at(column + 1, row + 1), at(column, row + 1)};
  const auto [west, east] = std::ranges::minmax(corners, {}, &Point::lon);
  const auto [south, north] = std::ranges::minmax(corners, {}, &Point::lat);
  return assembled({west.lon, south.lat}, {east.lon, north.lat}, at(column + 0.5, row + 0.5));
}

}  // namespace

Box cell_box(const Grid& grid, std::uint32_t row, std::uint32_t column) {
  if (grid.rotated()) {
    const auto corner = [&](double x, double y) {
      return Point{x * grid.a + y * grid.b + grid.c, x * grid.d + y * grid.e + grid.f};
    };
    const Point p = corner(column, row), q = corner(column + 1.0, row + 1.0);
    return {std::min(p.lon, q.lon), std::min(p.lat, q.lat), std::max(p.lon, q.lon), std::max(p.lat, q.lat)};
  }
  const double left = grid.c + grid.a * column, right = left + grid.a;
  const double top = grid.f + grid.e * row, bottom = top + grid.e;
  return {std::min(left, right), std::min(top, bottom), std::max(left, right), std::max(top, bottom)};
}

TileBounds tile_bounds(const Grid& grid, std::uint32_t row, std::uint32_t column) {
  if (grid.rotated()) return rotated_bounds(grid, row, column);
  const Box box = cell_box(grid, row, column);
  // The centre is the middle of the rectangle before wrapping: afterwards the middle of a cell across the seam would
  // lie half a world away.
  return assembled({box.min_lon, box.min_lat}, {box.max_lon, box.max_lat},
                   {(box.min_lon + box.max_lon) / 2, (box.min_lat + box.max_lat) / 2});
}

}  // namespace placewright::geo
