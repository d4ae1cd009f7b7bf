// Shapes on an integer lattice, and slow, plainly exact answers about them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "geo/polygon.hpp"

namespace placewright::geo::testing {

struct Node {
  std::int64_t x = 0, y = 0;
  friend bool operator==(const Node&, const Node&) = default;
};
using NodeRing = std::vector<Node>;  // not closed
struct NodePolygon {
  NodeRing exterior;
  std::vector<NodeRing> holes;
};
using NodeShape = std::vector<NodePolygon>;

inline std::int64_t cross(Node a, Node b, Node c) { return (a.x - c.x) * (b.y - c.y) - (a.y - c.y) * (b.x - c.x); }

template <class Visit>
void each_edge(const NodeRing& ring, const Visit& visit) {
  for (std::size_t i = 0; i < ring.size(); ++i) visit(ring[i], ring[(i + 1) % ring.size()]);
}

inline int half_of(Node v) { return v.y > 0 || (v.y == 0 && v.x > 0) ? 0 : 1; }

// Directions in all four quadrants, by angle, none twice: joined in this order around a centre they make a simple
// polygon, and the same polygon shrunk towards the centre lies inside it.
inline NodeRing random_star(std::mt19937_64& draw, std::int64_t reach) {
  const auto between = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(draw);
  };
  NodeRing star = {{between(1, reach), between(1, reach)},
                   {-between(1, reach), between(1, reach)},
                   {-between(1, reach), -between(1, reach)},
                   {between(1, reach), -between(1, reach)}};
  for (auto more = between(0, 8); more > 0; --more) {
    const Node v{between(-reach, reach), between(-reach, reach)};
    if (v != Node{}) star.push_back(v);
  }
  std::ranges::sort(star, [](Node a, Node b) {
    if (half_of(a) != half_of(b)) return half_of(a) < half_of(b);
    return a.x * b.y - a.y * b.x > 0;
  });
  const auto same_direction = [](Node a, Node b) { return half_of(a) == half_of(b) && a.x * b.y == a.y * b.x; };
  star.erase(std::unique(star.begin(), star.end(), same_direction), star.end());
  return star;
}

inline NodeRing placed(const NodeRing& star, Node centre, std::int64_t factor, bool reversed) {
  NodeRing ring;
  for (const auto v : star) ring.push_back({centre.x + factor * v.x, centre.y + factor * v.y});
  if (reversed) std::ranges::reverse(ring);
  return ring;
}

// A star, often with a hole, sometimes with an island in the hole. Always valid; vertices at most 6 * reach away.
inline NodeShape random_shape(std::mt19937_64& draw, Node centre, std::int64_t reach) {
  const auto star = random_star(draw, reach);
  const auto kind = draw() % 3;
  NodeShape shape = {{placed(star, centre, 6, draw() % 2 == 0), {}}};
  if (kind > 0) shape[0].holes.push_back(placed(star, centre, 3, draw() % 2 == 0));
  if (kind > 1) shape.push_back({placed(star, centre, 1, draw() % 2 == 0), {}});
  return shape;
}

// Lattice to degrees; `scale` must be a power of two so that the lattice stays exact.
inline Ring ring_of(const NodeRing& nodes, double scale, double lon = 0, double lat = 0) {
  Ring ring;
  for (const auto n : nodes)
    ring.push_back({lon + static_cast<double>(n.x) * scale, lat + static_cast<double>(n.y) * scale});
  if (!ring.empty()) ring.push_back(ring.front());
  return ring;
}
inline MultiPolygon polygons_of(const NodeShape& shape, double scale, double lon = 0, double lat = 0) {
  MultiPolygon polygons;
  for (const auto& p : shape) {
    polygons.push_back({ring_of(p.exterior, scale, lon, lat), {}});
    for (const auto& hole : p.holes) polygons.back().holes.push_back(ring_of(hole, scale, lon, lat));
  }
  return polygons;
}

// -1 outside, 0 on the ring, 1 inside.
inline int side_of_ring(const NodeRing& ring, Node p) {
  bool inside = false, on = false;
  each_edge(ring, [&](Node a, Node b) {
    const auto turn = cross(a, b, p);
    on = on || (turn == 0 && std::min(a.x, b.x) <= p.x && p.x <= std::max(a.x, b.x) && std::min(a.y, b.y) <= p.y &&
                p.y <= std::max(a.y, b.y));
    if ((a.y <= p.y) != (b.y <= p.y) && (turn > 0) == (b.y > a.y)) inside = !inside;
  });
  return on ? 0 : inside ? 1 : -1;
}

inline bool covers(const NodeShape& shape, Node p) {
  return std::ranges::any_of(shape, [&](const NodePolygon& polygon) {
    return side_of_ring(polygon.exterior, p) >= 0 &&
           std::ranges::all_of(polygon.holes, [&](const NodeRing& hole) { return side_of_ring(hole, p) <= 0; });
  });
}

// Area of ring and box in common, in lattice units: the ring is clipped side by side.
inline long double common_area(const NodeRing& ring, Node low, Node high) {
  struct Spot {
    long double x, y;
  };
  std::vector<Spot> spots;
  for (const auto n : ring) spots.push_back({static_cast<long double>(n.x), static_cast<long double>(n.y)});
  const auto clip = [&](auto depth) {  // keeps what has depth >= 0
    std::vector<Spot> kept;
    for (std::size_t i = 0; i < spots.size(); ++i) {
      const Spot a = spots[i], b = spots[(i + 1) % spots.size()];
      const long double da = depth(a), db = depth(b);
      if (da >= 0) kept.push_back(a);
      if ((da >= 0) != (db >= 0))
        kept.push_back({a.x + (b.x - a.x) * (da / (da - db)), a.y + (b.y - a.y) * (da / (da - db))});
    }
    spots = std::move(kept);
  };
  clip([&](Spot s) { return s.x - static_cast<long double>(low.x); });
  clip([&](Spot s) { return static_cast<long double>(high.x) - s.x; });
  clip([&](Spot s) { return s.y - static_cast<long double>(low.y); });
  clip([&](Spot s) { return static_cast<long double>(high.y) - s.y; });
  long double twice = 0;
  for (std::size_t i = 0; i < spots.size(); ++i) {
    const Spot a = spots[i], b = spots[(i + 1) % spots.size()];
    twice += a.x * b.y - b.x * a.y;
  }
  return (twice < 0 ? -twice : twice) / 2;
}

inline long double common_area(const NodeShape& shape, Node low, Node high) {
  long double area = 0;
  for (const auto& polygon : shape) {
    area += common_area(polygon.exterior, low, high);
    for (const auto& hole : polygon.holes) area -= common_area(hole, low, high);
  }
  return area;
}

}  // namespace placewright::geo::testing
