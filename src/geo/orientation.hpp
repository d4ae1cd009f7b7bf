// Which side of a line is a point on? Exact on the doubles given (J. R. Shewchuk, "Adaptive precision floating-point
// arithmetic and fast robust geometric predicates", 1997).
#pragma once

#include "geo/polygon.hpp"

namespace placewright::geo {

namespace detail {
int exact_orientation(Point a, Point b, Point c);
}

// +1 when c lies to the left of a -> b, -1 to the right, 0 on the line.
// REQUIRES: finite coordinates whose differences are 0 or above 1e-140, as degrees are.
inline int orientation(Point a, Point b, Point c) {
  const double left = (a.lon - c.lon) * (b.lat - c.lat);
  const double right = (a.lat - c.lat) * (b.lon - c.lon);
  const double determinant = left - right;
  // (3 + 16u)u with u = 2^-53 bounds the relative error of the line above.
  const double bound = 3.3306690738754716e-16 * ((left < 0 ? -left : left) + (right < 0 ? -right : right));
  if (determinant > bound) return 1;
  if (-determinant > bound) return -1;
  return detail::exact_orientation(a, b, c);
}

// Does the closed segment p-q have a point in the open box; in the closed box? (Separating axes: the box's two and
// the segment's normal suffice in the plane.)
bool enters_open_box(Point p, Point q, const Box& box);
bool touches_closed_box(Point p, Point q, const Box& box);

}  // namespace placewright::geo
