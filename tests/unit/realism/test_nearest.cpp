#include <gtest/gtest.h>

#include <cmath>

#include "realism/nearest.hpp"
#include "rng/philox.hpp"

namespace placewright::realism {
namespace {

double squared(const Point& a, const Point& b) {
  return (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]);
}

// Clustered, with coincident points and points that share a coordinate.
std::vector<Point> scatter(std::uint64_t n) {
  std::vector<Point> points;
  for (std::uint64_t i = 0; i < n; ++i) {
    const auto block = rng::philox({i, 1}, 9);
    const double x = rng::u01(block.x0), y = rng::u01(block.x1);
    points.push_back(i % 5 == 0 && i > 0 ? points[i / 2] : Point{x * x * x, i % 7 == 0 ? 0.25 : y, std::floor(4 * x)});
  }
  return points;
}

TEST(KdTree, FindsWhatAWalkOverAllPointsFinds) {
  work::Pool pool(2);
  for (const std::uint64_t n : {2, 3, 16, 17, 18, 400}) {
    const auto points = scatter(n);
    const auto found = KdTree(points).nearest_others(pool);
    for (std::size_t i = 0; i < n; ++i) {
      double best = INFINITY;
      for (std::size_t j = 0; j < n; ++j) {
        if (j != i) best = std::min(best, squared(points[i], points[j]));
      }
      EXPECT_EQ(found[i], best) << n << " points, row " << i;
    }
  }
}

TEST(KdTree, AQueryKeepsToItsLimit) {
  const KdTree tree({{0, 0, 0}, {1, 0, 0}});
  EXPECT_EQ(tree.nearest({3, 0, 0}), 4);
  EXPECT_EQ(tree.nearest({3, 0, 0}, 4), 4);
  EXPECT_EQ(tree.nearest({3, 0, 0}, 2), 2);
}

TEST(Neighbours, OneDegreeOnTheEquator) {
  work::Pool pool(1);
  Frame frame;
  frame.lon = {179.5, -179.5};
  frame.lat = {0, 0};
  const auto metres = neighbour_metres(on_sphere(frame, 1), pool);
  ASSERT_EQ(metres.size(), 2U);
  EXPECT_NEAR(metres[0], 111195.0802, 1e-3);
  EXPECT_TRUE(neighbour_metres({{1, 0, 0}}, pool).empty());
}

}  // namespace
}  // namespace placewright::realism
