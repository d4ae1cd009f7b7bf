// A country inside one box: the few edges that touch the box, and on which parallels the others change a ray's count.
#pragma once

#include <cstdint>
#include <vector>

#include "geo/edges.hpp"
#include "geo/polygon.hpp"

namespace placewright::geo {

// Made once for a box; a point of the box is then tested against the box's own edges only. The answers are those of
// CountryIndex::covers(): every edge either touches the box, and is kept, or lies on one side of all of its points.
// There it crosses the eastward rays of a stretch of latitudes, or none; of these stretches only the ends that other
// stretches do not cancel are kept, at most two for each edge kept.
class Patch {
 public:
  explicit Patch(const Box& box) : box_(box) {}

  // Each edge of the country whose latitudes meet the box's, once, in any order; then settle().
  void add(const Edge& edge);
  void settle();

  bool full() const { return full_; }  // the whole closed box is covered
  bool holds(Point p) const {          // the closed box
    return box_.min_lon <= p.lon && p.lon <= box_.max_lon && box_.min_lat <= p.lat && p.lat <= box_.max_lat;
  }
  bool covers(Point point) const;  // REQUIRES: settled, holds(point)

 private:
  // Rays from this latitude on cross one edge more of the polygon, or one less.
  struct Flip {
    std::uint32_t polygon;
    double from;
    friend auto operator<=>(const Flip&, const Flip&) = default;
  };
  void flip(const Edge& edge, double from);

  Box box_;
  bool full_ = false;
  std::vector<Edge> edges_;  // by polygon
  std::vector<Flip> flips_;  // ascending, none twice; of polygons with edges
};

}  // namespace placewright::geo
