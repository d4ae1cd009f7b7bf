#include <gtest/gtest.h>

#include <cmath>

#include "geo/contains.hpp"
#include "geo/coverage.hpp"
#include "geo/orientation.hpp"
#include "shapes.hpp"

namespace placewright::geo {
namespace {

using testing::Node;
__extension__ typedef __int128 Wide;

// Coordinates of 53 fractional bits as integers; their cross product fits 128 bits.
int plain_orientation(Point a, Point b, Point c) {
  const auto whole = [](double v) { return static_cast<Wide>(std::ldexp(v, 53)); };
  const Wide left = (whole(a.lon) - whole(c.lon)) * (whole(b.lat) - whole(c.lat));
  const Wide right = (whole(a.lat) - whole(c.lat)) * (whole(b.lon) - whole(c.lon));
  return left > right ? 1 : left < right ? -1 : 0;
}

}  // namespace

TEST(Orientation, IsExactWhereRoundingDecidesNothing) {
  const double step = std::ldexp(1.0, -53);
  const Point b{12, 12}, c{24, 24};
  int on_line = 0;
  for (int i = 0; i < 128; ++i) {
    for (int j = 0; j < 128; ++j) {
      const Point a{0.5 + i * step, 0.5 + j * step};
      EXPECT_EQ(orientation(a, b, c), plain_orientation(a, b, c));
      EXPECT_EQ(orientation(b, c, a), orientation(a, b, c));
      EXPECT_EQ(orientation(b, a, c), -orientation(a, b, c));
      on_line += orientation(a, b, c) == 0;
    }
  }
  EXPECT_EQ(on_line, 128);
}

TEST(CountryIndex, AgreesWithTheSlowTestAtEveryLatticePoint) {
  std::mt19937_64 draw(3);
  for (int round = 0; round < 300; ++round) {
    const auto shape = testing::random_shape(draw, {0, 0}, 3);
    const CountryIndex index(testing::polygons_of(shape, 0.25, 10, 50));
    for (std::int64_t x = -20; x <= 20; ++x) {
      for (std::int64_t y = -20; y <= 20; ++y) {
        const Point p{10 + 0.25 * static_cast<double>(x), 50 + 0.25 * static_cast<double>(y)};
        ASSERT_EQ(index.covers(p), testing::covers(shape, {x, y})) << "round " << round << " at " << x << " " << y;
      }
    }
  }
}

TEST(CountryIndex, CoversEveryBoxBesideACoveredOne) {
  std::mt19937_64 draw(17);
  std::size_t beside = 0, one_more = 0;
  for (int round = 0; round < 300; ++round) {
    const CountryIndex index(testing::polygons_of(testing::random_shape(draw, {0, 0}, 3), 0.25, 10, 50));
    for (int y = -40; y < 40; ++y) {
      for (int x = -40; x < 40; ++x) {
        const auto at = [&](int column) {
          return Box{10 + 0.125 * column, 50 + 0.125 * y, 10.125 + 0.125 * column, 50.125 + 0.125 * y};
        };
        const auto around = index.covered_around(at(x));
        if (!around) continue;
        for (auto k = x + 1; at(k).max_lon < around->east; ++k, ++beside) ASSERT_TRUE(index.covers_box(at(k)));
        for (auto k = x - 1; at(k).min_lon > around->west; --k, ++beside) ASSERT_TRUE(index.covers_box(at(k)));
        one_more += index.covers_box(at(x + 1)) && at(x + 1).max_lon >= around->east;
      }
    }
  }
  EXPECT_GT(beside, 100'000U);
  EXPECT_LT(one_more, beside / 20);  // and few are missed
}

TEST(CountryIndex, CountsBoundariesOfHolesAsInside) {
  const Ring outer = {{0, 0}, {8, 0}, {8, 8}, {0, 8}, {0, 0}}, hole = {{2, 2}, {6, 2}, {6, 6}, {2, 6}, {2, 2}};
  const CountryIndex index({{outer, {hole}}});
  for (const Point p : {Point{0, 0}, {8, 8}, {4, 0}, {0, 3}, {2, 2}, {2, 4}, {4, 6}, {1, 1}})
    EXPECT_TRUE(index.covers(p));
  for (const Point p : {Point{4, 4}, {2.5, 2.5}, {-1, 0}, {8.1, 8}, {4, 8.1}, {4, -0.1}}) EXPECT_FALSE(index.covers(p));
}

TEST(CountryIndex, AnswersForTheUnionOfPolygonsThatOverlap) {
  const Ring one = {{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}}, two = {{2, 2}, {6, 2}, {6, 6}, {2, 6}, {2, 2}};
  const CountryIndex index({{one, {}}, {two, {}}});
  for (const Point p : {Point{1, 1}, {3, 3}, {5, 5}}) EXPECT_TRUE(index.covers(p));
  EXPECT_FALSE(index.covers({5, 1}));
}

TEST(CountryIndex, OfNothingCoversNothing) {
  const CountryIndex index(MultiPolygon{});
  EXPECT_FALSE(index.covers({0, 0}));
  EXPECT_FALSE(index.covers_box({0, 0, 1, 1}));
}

TEST(CountryIndex, OverlapsABoxExactlyWhenTheyShareArea) {
  std::mt19937_64 draw(5);
  for (int round = 0; round < 200; ++round) {
    const auto shape = testing::random_shape(draw, {0, 0}, 3);
    const CountryIndex index(testing::polygons_of(shape, 1));
    for (std::int64_t x = -20; x <= 18; x += 2) {
      for (std::int64_t y = -20; y <= 18; y += 2) {
        const Box box{static_cast<double>(x), static_cast<double>(y), static_cast<double>(x + 2),
                      static_cast<double>(y + 2)};
        const auto area = testing::common_area(shape, {x, y}, {x + 2, y + 2});
        ASSERT_EQ(index.overlaps_box(box), area > 1e-9L) << "round " << round << " at " << x << " " << y;
        // Full when it says so; and a full one that keeps off the boundary must be recognised.
        const bool covered = index.covers_box(box);
        const auto around = testing::common_area(shape, {x - 1, y - 1}, {x + 3, y + 3});
        ASSERT_TRUE(!covered || area > 4 - 1e-9L) << "round " << round << " at " << x << " " << y;
        ASSERT_TRUE(covered || around < 16 - 1e-9L) << "round " << round << " at " << x << " " << y;
      }
    }
  }
}

// The lattice of the points is four times finer than that of the vertices: many lie on edges, vertices and sides.
TEST(Patch, AnswersLikeTheIndexForEveryPointOfItsBox) {
  std::mt19937_64 draw(23);
  std::size_t full = 0, mixed = 0;
  for (int round = 0; round < 60; ++round) {
    auto polygons = testing::polygons_of(testing::random_shape(draw, {0, 0}, 3), 1, 10, 50);
    for (auto& more : testing::polygons_of(testing::random_shape(draw, {7, 5}, 2), 1, 10, 50))
      polygons.push_back(std::move(more));  // may overlap the first
    const CountryIndex index(polygons);
    for (int b = 0; b < 60; ++b) {
      const auto side = [&] { return 0.5 * static_cast<double>(1 + draw() % 6); };
      const auto corner = [&] { return 0.5 * static_cast<double>(draw() % 80) - 20; };
      const double west = 10 + corner(), south = 50 + corner();
      const Box box{west, south, west + side(), south + side()};
      const auto patch = index.patch(box);
      bool all = true;
      for (double lon = box.min_lon; lon <= box.max_lon; lon += 0.25) {
        for (double lat = box.min_lat; lat <= box.max_lat; lat += 0.25) {
          const bool right = index.covers({lon, lat});
          all = all && right;
          ASSERT_TRUE(patch.holds({lon, lat}));
          ASSERT_EQ(patch.covers({lon, lat}), right) << "round " << round << " at " << lon << " " << lat;
        }
      }
      ASSERT_TRUE(all || !patch.full());
      ASSERT_TRUE(patch.full() || !index.covers_box(box));
      full += patch.full();
      mixed += !all;
    }
  }
  EXPECT_GT(full, 100U);
  EXPECT_GT(mixed, 100U);
}

TEST(Patch, AnswersLikeTheIndexBesideACoastOfManyEdges) {
  std::mt19937_64 draw(29);
  std::uniform_real_distribution<double> unit(0, 1);
  Ring coast;
  double reach = 1;
  for (int i = 0; i < 3000; ++i) {
    const double angle = 2 * 3.14159265358979 * i / 3000;
    reach = std::min(1.5, std::max(0.5, reach + 0.02 * (unit(draw) - 0.5)));
    coast.push_back({reach * std::cos(angle), reach * std::sin(angle)});
  }
  coast.push_back(coast.front());
  const CountryIndex index({{coast, {}}});
  for (int b = 0; b < 2000; ++b) {
    const auto& near = coast[draw() % coast.size()];
    const double west = near.lon - 0.05 * unit(draw), south = near.lat - 0.05 * unit(draw);
    const Box box{west, south, west + 0.05, south + 0.05};
    const auto patch = index.patch(box);
    for (int i = 0; i < 40; ++i) {
      const Point p{west + 0.05 * unit(draw), south + 0.05 * unit(draw)};
      if (!patch.holds(p)) continue;
      ASSERT_EQ(patch.covers(p), index.covers(p)) << "box " << b;
    }
    for (const auto& vertex : coast) {
      ASSERT_TRUE(!patch.holds(vertex) || patch.covers(vertex));
    }
  }
}

TEST(BoundaryCells, LeaveOnlyTilesThatLieWhollyInside) {
  std::mt19937_64 draw(17);
  const Grid grid{24, 24, 1, 0, 0, 0, -1, 24};
  std::size_t inner = 0;
  for (int round = 0; round < 200; ++round) {
    const auto shape = testing::random_shape(draw, {48, 48}, 8);
    const auto polygons = testing::polygons_of(shape, 0.25);
    const CountryIndex index(polygons);
    const auto boundary = boundary_cells(grid, polygons);
    for (const auto predicate : {Predicate::center, Predicate::any_overlap}) {
      const auto tiles = cover(grid, polygons, predicate).tiles;
      for (std::uint64_t p = 0; p < tiles.size(); ++p) {
        const auto tile = tiles.id_at(p);
        if (boundary.contains(tile)) continue;
        ++inner;
        ASSERT_TRUE(index.covers_box(cell_box(grid, grid.row_of(tile), grid.column_of(tile))))
            << "round " << round << " tile " << tile;
      }
    }
  }
  EXPECT_GT(inner, 1000U);
}

}  // namespace placewright::geo
