#include "realism/nearest.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace placewright::realism {
namespace {

constexpr std::size_t kLeaf = 16;
constexpr std::size_t kQueriesPerJob = 4096;
constexpr std::size_t kNobody = std::numeric_limits<std::size_t>::max();

double squared(const Point& a, const Point& b) {
  const double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
  return x * x + y * y + z * z;
}

std::uint8_t widest_axis(const std::vector<Point>& points, const std::uint32_t* first, const std::uint32_t* last) {
  Point low = points[*first], high = low;
  for (const auto* row = first; row != last; ++row) {
    for (std::size_t k = 0; k < 3; ++k) {
      low[k] = std::min(low[k], points[*row][k]);
      high[k] = std::max(high[k], points[*row][k]);
    }
  }
  std::uint8_t axis = 0;
  for (std::uint8_t k = 1; k < 3; ++k) {
    if (high[k] - low[k] > high[axis] - low[axis]) axis = k;
  }
  return axis;
}

}  // namespace

KdTree::KdTree(const std::vector<Point>& points) : points_(points), rows_(points.size()), axes_(points.size()) {
  std::iota(rows_.begin(), rows_.end(), 0U);
  build(0, rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) points_[i] = points[rows_[i]];
}

void KdTree::build(std::size_t first, std::size_t last) {
  if (last - first <= kLeaf) return;
  const auto middle = first + (last - first) / 2;
  const auto axis = widest_axis(points_, rows_.data() + first, rows_.data() + last);
  axes_[middle] = axis;
  const auto at = [&](std::size_t i) { return rows_.begin() + static_cast<std::ptrdiff_t>(i); };
  std::nth_element(at(first), at(middle), at(last), [&](std::uint32_t a, std::uint32_t b) {
    return points_[a][axis] != points_[b][axis] ? points_[a][axis] < points_[b][axis] : a < b;
  });
  build(first, middle);
  build(middle + 1, last);
}

void KdTree::visit(std::size_t position, Query& query) const {
  if (position != query.self) query.best = std::min(query.best, squared(points_[position], query.at));
}

void KdTree::search(std::size_t first, std::size_t last, Query& query) const {
  if (last - first <= kLeaf) {
    for (auto i = first; i < last; ++i) visit(i, query);
    return;
  }
  const auto middle = first + (last - first) / 2;
  const auto axis = axes_[middle];
  const double beyond = query.at[axis] - points_[middle][axis];
  if (beyond < 0)
    search(first, middle, query);
  else
    search(middle + 1, last, query);
  if (beyond * beyond >= query.best) return;
  visit(middle, query);
  if (beyond < 0)
    search(middle + 1, last, query);
  else
    search(first, middle, query);
}

double KdTree::nearest(const Point& at, double below) const {
  Query query{at, kNobody, below};
  search(0, points_.size(), query);
  return query.best;
}

std::vector<double> KdTree::nearest_others(work::Pool& pool) const {
  std::vector<double> found(points_.size());
  const auto jobs = (points_.size() + kQueriesPerJob - 1) / kQueriesPerJob;
  // No job fails.
  (void)static_cast<bool>(work::for_each(pool, jobs, [&](std::size_t job) -> Result<void> {
    const auto last = std::min(points_.size(), (job + 1) * kQueriesPerJob);
    for (auto i = job * kQueriesPerJob; i < last; ++i) {
      Query query{points_[i], i, std::numeric_limits<double>::infinity()};
      search(0, points_.size(), query);
      found[rows_[i]] = query.best;
    }
    return {};
  }));
  return found;
}

double metres_of_chord(double chord) {
  return 2 * std::asin(std::min(1.0, std::clamp(chord, 0.0, 2.0) / 2)) * kEarthRadiusM;
}

std::vector<double> neighbour_metres_by_row(const std::vector<Point>& on_unit_sphere, work::Pool& pool) {
  if (on_unit_sphere.size() < 2) return {};
  auto metres = KdTree(on_unit_sphere).nearest_others(pool);
  for (auto& value : metres) value = metres_of_chord(std::sqrt(value));
  return metres;
}

std::vector<double> neighbour_metres(const std::vector<Point>& on_unit_sphere, work::Pool& pool) {
  auto metres = neighbour_metres_by_row(on_unit_sphere, pool);
  std::ranges::sort(metres);
  return metres;
}

}  // namespace placewright::realism
