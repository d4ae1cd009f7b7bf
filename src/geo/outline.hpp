// The boundary of a polygon set, laid out so that what may meet lies close together. Private to this folder.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "geo/edges.hpp"
#include "geo/orientation.hpp"
#include "geo/polygon.hpp"

namespace placewright::geo {

struct Range {
  std::size_t first, end;
  bool holds(std::size_t i) const { return first <= i && i < end; }
};

// Which way p-q leads, of four; opposite ways add up to 3. What keeps one way and repeats no point is simple.
inline int way(Point p, Point q) { return (q.lon >= p.lon ? 2 : 0) + (q.lat >= p.lat ? 1 : 0); }

// Do p-q and q-r meet in q alone? REQUIRES: p != q, q != r.
inline bool turns(Point p, Point q, Point r) { return way(p, q) == way(q, r) || orientation(p, q, r) != 0; }

// All rings, point after point. Segment i leads from point i to the next; the last point of a ring starts none, so
// segments i and i + 1 are neighbours. Up to eight segments that lead one way make a chain, whose box is that of its
// ends. A chain is copied into each band of latitude that it reaches, so two that meet meet in a band.
class Outline {
 public:
  struct Placed {
    Range points;
    std::size_t polygon;
  };
  struct Copy {
    double west;
    std::size_t chain;
  };

  // False, and of no further use, when a ring is open or short, repeats a point, has a spike, or coordinates out of the
  // range of orientation().
  bool add(const Polygon& polygon);

  // After the last polygon. Bands are so many that there are about half as many copies more than chains.
  void spread();

  std::size_t size() const { return points_.size(); }
  Point point(std::size_t i) const { return points_[i]; }
  Point before(const Placed& ring, std::size_t i) const {
    return points_[i > ring.points.first ? i - 1 : ring.points.end - 2];
  }
  Edge edge(std::size_t i) const {
    const Point p = points_[i], q = points_[i + 1];
    return p.lat <= q.lat ? Edge{p, q, 0} : Edge{q, p, 0};
  }

  const std::vector<Placed>& rings() const { return rings_; }
  const Placed& ring_of(std::size_t i) const;
  Range polygon(std::size_t number) const { return polygons_[number]; }  // its points

  // A chain is the range of its segments, and ends in the point `end`.
  Range chain(const Copy& copy) const { return chains_[copy.chain]; }
  Box box_of(Range segments) const {
    const Point p = points_[segments.first], q = points_[segments.end];
    return {std::min(p.lon, q.lon), std::min(p.lat, q.lat), std::max(p.lon, q.lon), std::max(p.lat, q.lat)};
  }
  int way_of(Range chain) const { return way(points_[chain.first], points_[chain.end]); }

  std::size_t bands() const { return starts_.size() - 1; }
  // By western end.
  std::span<const Copy> in_band(std::size_t b) const {
    return std::span(copies_).subspan(starts_[b], starts_[b + 1] - starts_[b]);
  }
  // Does not decrease with latitude, whatever the rounding.
  std::size_t band(double lat) const {
    return std::min(static_cast<std::size_t>((lat - south_) * per_degree_), starts_.size() - 2);
  }

 private:
  bool add(const Ring& ring);
  template <class Visit>
  void each_copy(const Visit& visit) const;

  std::vector<Point> points_;
  std::vector<Placed> rings_;
  std::vector<Range> polygons_, chains_;
  double south_ = 0, per_degree_ = 0;
  std::vector<std::size_t> starts_;  // of each band in copies_, and the end
  std::vector<Copy> copies_;
};

}  // namespace placewright::geo
