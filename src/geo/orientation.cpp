#include "geo/orientation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace placewright::geo {
namespace {

// value + error is the exact result of one operation.
struct Exact {
  double value;
  double error;
};

Exact sum(double a, double b) {
  const double value = a + b;
  const double b_part = value - a;
  return {value, (a - (value - b_part)) + (b - b_part)};
}

Exact product(double a, double b) {
  const double value = a * b;
  return {value, std::fma(a, b, -value)};
}

// A sum of doubles kept exactly as components that do not overlap, smallest first.
class Expansion {
 public:
  void add(double term) {
    double rest = term;
    for (std::size_t i = 0; i < size_; ++i) {
      const auto step = sum(rest, components_[i]);
      components_[i] = step.error;
      rest = step.value;
    }
    components_[size_++] = rest;
  }
  void add_product(Exact a, Exact b, double sign) {
    for (const double x : {a.error, a.value}) {
      for (const double y : {b.error, b.value}) {
        const auto p = product(sign * x, y);
        add(p.error);
        add(p.value);
      }
    }
  }
  int sign() const {
    for (std::size_t i = size_; i-- > 0;) {
      if (components_[i] != 0) return components_[i] > 0 ? 1 : -1;
    }
    return 0;
  }

 private:
  std::array<double, 16> components_{};
  std::size_t size_ = 0;
};

struct Sides {
  bool left = false, right = false, on = false;
};

Sides corners(Point p, Point q, const Box& box) {
  Sides sides;
  for (const double lon : {box.min_lon, box.max_lon}) {
    for (const double lat : {box.min_lat, box.max_lat}) {
      const int side = orientation(p, q, {lon, lat});
      (side > 0 ? sides.left : side < 0 ? sides.right : sides.on) = true;
    }
  }
  return sides;
}

}  // namespace

int detail::exact_orientation(Point a, Point b, Point c) {
  Expansion determinant;
  determinant.add_product(sum(a.lon, -c.lon), sum(b.lat, -c.lat), 1);
  determinant.add_product(sum(a.lat, -c.lat), sum(b.lon, -c.lon), -1);
  return determinant.sign();
}

bool enters_open_box(Point p, Point q, const Box& box) {
  if (std::max(p.lon, q.lon) <= box.min_lon || std::min(p.lon, q.lon) >= box.max_lon) return false;
  if (std::max(p.lat, q.lat) <= box.min_lat || std::min(p.lat, q.lat) >= box.max_lat) return false;
  if (p == q) return true;
  const auto sides = corners(p, q, box);
  return sides.left && sides.right;
}

bool touches_closed_box(Point p, Point q, const Box& box) {
  if (std::max(p.lon, q.lon) < box.min_lon || std::min(p.lon, q.lon) > box.max_lon) return false;
  if (std::max(p.lat, q.lat) < box.min_lat || std::min(p.lat, q.lat) > box.max_lat) return false;
  const auto sides = corners(p, q, box);
  return sides.on || (sides.left && sides.right);
}

}  // namespace placewright::geo
