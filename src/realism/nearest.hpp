// Exact nearest neighbours of points in space.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "base/result.hpp"
#include "realism/frame.hpp"
#include "work/pool.hpp"

namespace placewright::realism {

constexpr double kEarthRadiusM = 6'371'008.8;

// A k-d tree: halves at the median of the widest axis, 16 points a leaf. Distances do not depend on how it is built.
class KdTree {
 public:
  explicit KdTree(const std::vector<Point>& points);

  std::size_t size() const { return points_.size(); }
  // Squared distance to the nearest point, if that is less than `below`; else `below`.
  double nearest(const Point& at, double below = std::numeric_limits<double>::infinity()) const;
  // Of every point, in the order given: squared distance to the nearest other row; coincident rows give 0.
  // Infinity for a tree of one.
  std::vector<double> nearest_others(work::Pool& pool) const;

 private:
  struct Query {
    Point at;
    std::size_t self;  // position in the tree to leave out
    double best;
  };
  void build(std::size_t first, std::size_t last);
  void search(std::size_t first, std::size_t last, Query& query) const;
  void visit(std::size_t position, Query& query) const;

  std::vector<Point> points_;        // in tree order
  std::vector<std::uint32_t> rows_;  // their place in the order given
  std::vector<std::uint8_t> axes_;   // of the split at a middle position
};

// Chord on the unit sphere to metres along the great circle.
double metres_of_chord(double chord);

// Great-circle distance of every site to its nearest other site, metres, in the order given; fewer than two: empty.
std::vector<double> neighbour_metres_by_row(const std::vector<Point>& on_unit_sphere, work::Pool& pool);
// The same, ascending.
std::vector<double> neighbour_metres(const std::vector<Point>& on_unit_sphere, work::Pool& pool);

}  // namespace placewright::realism
