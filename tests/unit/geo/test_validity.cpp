#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "geo/validity.hpp"
#include "geo_io/geos.hpp"
#include "shapes.hpp"

namespace placewright::geo {
namespace {

Ring box(double west, double south, double east, double north) {
  return {{west, south}, {east, south}, {east, north}, {west, north}, {west, south}};
}

bool proved(const MultiPolygon& polygons) { return prove_valid(polygons).valid; }

// What GEOS, the judge of all that is not proved, thinks of many shapes.
struct Compared {
  int shapes = 0, valid = 0, proved = 0;
  void add(const MultiPolygon& polygons) {
    const auto reason = geo_io::invalid_reason(polygons);
    const bool proof = geo::proved(polygons);
    ++shapes;
    valid += reason.empty();
    proved += proof;
    EXPECT_TRUE(!proof || reason.empty()) << reason;
  }
};

int below(std::mt19937_64& draw, int end) { return static_cast<int>(draw() % static_cast<unsigned>(end)); }

Ring random_ring(std::mt19937_64& draw, int points, int side) {
  Ring ring;
  for (int i = 0; i < points; ++i) {
    ring.push_back({static_cast<double>(below(draw, side)), static_cast<double>(below(draw, side))});
  }
  ring.push_back(ring.front());
  return ring;
}

Ring random_box(std::mt19937_64& draw, int side) {
  const double west = below(draw, side), south = below(draw, side);
  return box(west, south, west + 1 + below(draw, side), south + 1 + below(draw, side));
}

// A small convex ring with corners on a lattice, so that touches are frequent.
Ring random_diamond(std::mt19937_64& draw, int side) {
  const double x = below(draw, side), y = below(draw, side), r = 1 + below(draw, 3);
  if (draw() % 2 == 0) return {{x - r, y}, {x, y - r}, {x + r, y}, {x, y + r}, {x - r, y}};
  return {{x, y}, {x + r, y}, {x, y + r}, {x, y}};
}

Ring random_part(std::mt19937_64& draw, int side) {
  const auto kind = draw() % 8;
  if (kind == 0) return random_ring(draw, 3, side);
  return kind < 4 ? random_box(draw, side / 2) : random_diamond(draw, side);
}

MultiPolygon random_parts(std::mt19937_64& draw, int side) {
  MultiPolygon polygons;
  for (int i = 1 + below(draw, 3); i > 0; --i) {
    polygons.push_back({draw() % 2 == 0 ? box(0, 0, side, side) : random_part(draw, side), {}});
    for (int hole = below(draw, 4); hole > 0; --hole) polygons.back().holes.push_back(random_part(draw, side));
  }
  return polygons;
}

// Something that is often a fault: a point twice, a spike, two points swapped, a point moved, the ring turned.
void spoil(std::mt19937_64& draw, Ring& ring) {
  const auto at = 1 + draw() % (ring.size() - 2);
  const auto where = ring.begin() + static_cast<std::ptrdiff_t>(at);
  const Point p = ring[at], q = ring[at - 1];
  switch (draw() % 5) {
    case 0:
      ring.insert(where, p);
      break;
    case 1:
      ring.insert(where, {{(p.lon + q.lon) / 2, (p.lat + q.lat) / 2}, q});
      break;
    case 2:
      std::swap(ring[at], ring[1 + draw() % (ring.size() - 2)]);
      break;
    case 3:
      ring[at].lon += below(draw, 9) - 4;
      break;
    default:
      ring.pop_back();
      std::rotate(ring.begin(), ring.begin() + static_cast<std::ptrdiff_t>(draw() % ring.size()), ring.end());
      ring.push_back(ring.front());
  }
}

// `rounds` polygon sets of make(draw).
template <class Make>
Compared compared(unsigned seed, int rounds, const Make& make) {
  std::mt19937_64 draw(seed);
  Compared out;
  for (int i = 0; i < rounds; ++i) out.add(make(draw));
  return out;
}

}  // namespace

TEST(Validity, NothingThatGeosRefusesIsProvedOfRandomRings) {
  const auto found = compared(1, 20000, [](auto& draw) -> MultiPolygon {
    return {{random_ring(draw, 3 + below(draw, 6), 3 + below(draw, 9)), {}}};
  });
  EXPECT_GT(found.valid, 1000);
  EXPECT_GT(found.proved, found.valid / 2);
}

TEST(Validity, NothingThatGeosRefusesIsProvedOfPartsThatTouchAndNest) {
  const auto found = compared(2, 40000, [](auto& draw) { return random_parts(draw, 6 + below(draw, 12)); });
  EXPECT_GT(found.valid, 4000);
  EXPECT_GT(found.proved, found.valid / 2);
}

TEST(Validity, NothingThatGeosRefusesIsProvedOfRingsThatShareManyCorners) {
  const auto found = compared(5, 60000, [](auto& draw) {
    const int side = 3 + below(draw, 3);
    const auto ring = [&] { return random_ring(draw, 3 + below(draw, 3), side); };
    MultiPolygon polygons = {{draw() % 2 == 0 ? box(0, 0, side - 1, side - 1) : ring(), {}}};
    for (int more = 1 + below(draw, 2); more > 0; --more) {
      if (draw() % 2 == 0)
        polygons.front().holes.push_back(ring());
      else
        polygons.push_back({ring(), {}});
    }
    return polygons;
  });
  EXPECT_GT(found.valid, 500);
  EXPECT_GT(found.proved, found.valid / 3);
}

TEST(Validity, NothingThatGeosRefusesIsProvedOfSpoiledStars) {
  const auto found = compared(3, 20000, [](auto& draw) {
    auto polygons = testing::polygons_of(testing::random_shape(draw, {0, 0}, 9), 1.0 / 64);
    auto& polygon = polygons[draw() % polygons.size()];
    spoil(draw, polygon.holes.empty() || draw() % 2 == 0 ? polygon.exterior : polygon.holes.front());
    return polygons;
  });
  EXPECT_GT(found.valid, 4000);
  EXPECT_GT(found.proved, found.valid / 2);
}

TEST(Validity, EveryStarWithHoleAndIslandIsProved) {
  std::mt19937_64 draw(4);
  for (int i = 0; i < 5000; ++i) {
    auto polygons = testing::polygons_of(testing::random_shape(draw, {0, 0}, 9), 1.0 / 64);
    EXPECT_TRUE(proved(polygons));
    for (auto& polygon : polygons) {
      if (polygon.holes.empty()) continue;
      for (auto& p : polygon.holes.front()) p.lon += 4;
      EXPECT_FALSE(proved(polygons)) << "a hole outside";
    }
  }
}

TEST(Validity, RingsMayTouchInCornersUnlessTheyCutTheInside) {
  const Ring outer = box(0, 0, 9, 9);
  const Ring west = {{0, 0}, {4, 4}, {1, 4}, {0, 0}}, east = {{9, 9}, {4, 4}, {8, 4}, {9, 9}};
  EXPECT_TRUE(proved({{outer, {west}}}));
  EXPECT_TRUE(proved({{outer, {{{4, 4}, {9, 9}, {8, 4}, {4, 4}}}}}));
  EXPECT_FALSE(proved({{outer, {west, east}}})) << "a chain of holes from border to border";
  EXPECT_TRUE(proved({{box(0, 0, 1, 1), {}}, {box(1, 1, 2, 2), {}}}));
  EXPECT_TRUE(proved({{outer, {box(2, 2, 5, 5)}}, {{{2, 2}, {4, 3}, {5, 5}, {3, 4}, {2, 2}}, {}}}));
  const Ring high = {{0, 0}, {4, 4}, {8, 0}, {4, 2}, {0, 0}}, low = {{4, 1}, {8, 0}, {4, 3}, {0, 0}, {4, 1}};
  EXPECT_FALSE(proved({{high, {}}, {low, {}}})) << "they cross in both corners";
  EXPECT_FALSE(proved({{high, {}}, {{{0, 0}, {-1, 3}, {2, 2}, {0, 0}}, {}}})) << "an edge in common";
}

TEST(Validity, WhatIsNoRingOfDegreesIsNotProved) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kFar = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(proved({}));
  EXPECT_FALSE(proved({{{}, {}}}));
  EXPECT_FALSE(proved({{{{0, 0}, {1, 0}, {0, 0}}, {}}}));
  EXPECT_FALSE(proved({{{{0, 0}, {1, 0}, {0, 1}, {0, 0.5}}, {}}}));
  EXPECT_FALSE(proved({{{{0, 0}, {1, 0}, {2, 0}, {0, 0}}, {}}})) << "no area";
  for (const double odd : {kNan, kFar, -kFar, 1e300, 1e-200}) EXPECT_FALSE(proved({{box(0, 0, odd, 1), {}}}));
}

namespace {

// A zigzag of tall teeth: every chain reaches every band.
Ring comb(int teeth, double slant) {
  Ring ring;
  for (int i = 0; i < teeth; ++i) {
    const double x = i * 1e-3;
    ring.push_back({x, 0});
    ring.push_back({x + slant, 50});
  }
  ring.push_back({teeth * 1e-3 + slant + 1, 50});
  ring.push_back({teeth * 1e-3 + slant + 1, -1});
  ring.push_back({0, -1});
  ring.push_back(ring.front());
  return ring;
}

MultiPolygon tall_islands(int count) {
  MultiPolygon islands;
  for (int i = 0; i < count; ++i) islands.push_back({box(i * 1e-3, 0, i * 1e-3 + 5e-4, 50), {}});
  return islands;
}

}  // namespace

TEST(Validity, TestsStayInProportionToPoints) {
  for (const int n : {1000, 10000, 100000}) {
    const auto allowed = [](std::size_t points) { return 65 * points; };
    EXPECT_LE(prove_valid({{comb(n, 90), {}}}).tests, allowed(2 * n + 4)) << "long parallel teeth: given up";
    EXPECT_TRUE(prove_valid({{comb(n, 5e-4), {}}}).valid) << "narrow teeth";
    EXPECT_LE(prove_valid(tall_islands(n)).tests, allowed(5 * n)) << "every parallel crosses them all: given up";
  }
}

}  // namespace placewright::geo
