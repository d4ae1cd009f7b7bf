#include <gtest/gtest.h>

#include "geo/contains.hpp"
#include "geo/coverage.hpp"
#include "shapes.hpp"

namespace placewright::geo {
namespace {

using testing::Node;
using testing::NodeRing;
using testing::NodeShape;

std::vector<TileId> ids(const TileSet& tiles) {
  std::vector<TileId> out;
  for (const auto& span : tiles.spans()) {
    for (std::uint32_t i = 0; i < span.length; ++i) out.push_back(span.first + i);
  }
  return out;
}

Ring box(double west, double south, double east, double north) {
  return {{west, south}, {west, north}, {east, north}, {east, south}, {west, south}};
}

// 24 x 24 cells of one degree; two lattice units a cell, so that every centre lies on the lattice.
constexpr std::uint32_t kSide = 24;
const Grid kGrid{kSide, kSide, 1, 0, 0, 0, -1, kSide};

// The law cell by cell, in integers: a centre belongs to a ring's area when an odd number of crossings of its row lie
// strictly west of it (an edge counts on [top, bottom) in raster rows), or when it lies on a horizontal south edge,
// west end excluded.
bool holds_centre(const std::vector<NodeRing>& rings, Node centre) {
  bool odd = false, on_south_edge = false;
  for (const auto& ring : rings) {
    std::int64_t twice_area = 0;
    testing::each_edge(ring, [&](Node a, Node b) { twice_area += a.x * b.y - b.x * a.y; });
    testing::each_edge(ring, [&](Node a, Node b) {
      if (twice_area > 0) std::swap(a, b);  // walk clockwise, north up
      if (a.y == b.y) {
        on_south_edge = on_south_edge || (a.y == centre.y && b.x < centre.x && centre.x <= a.x);
        return;
      }
      if (a.y < b.y) std::swap(a, b);  // a is the northern end
      if (!(centre.y <= a.y && centre.y > b.y)) return;
      // Crossing west of the centre: (x of the edge at centre.y) < centre.x, times the positive height.
      if ((a.y - centre.y) * (b.x - a.x) + a.x * (a.y - b.y) < centre.x * (a.y - b.y)) odd = !odd;
    });
  }
  return odd || on_south_edge;
}

std::vector<NodeRing> rings_of(const testing::NodePolygon& polygon) {
  std::vector<NodeRing> rings = {polygon.exterior};
  rings.insert(rings.end(), polygon.holes.begin(), polygon.holes.end());
  return rings;
}

struct Expected {
  std::vector<TileId> tiles;
  std::uint64_t solid = 0, in_holes = 0;
};

Expected by_centre(const NodeShape& shape) {
  Expected out;
  for (std::uint32_t row = 0; row < kSide; ++row) {
    for (std::uint32_t column = 0; column < kSide; ++column) {
      const Node centre{2 * column + 1, 2 * kSide - 2 * row - 1};
      const auto any = [&](auto holds) { return std::ranges::any_of(shape, holds); };
      if (any([&](const auto& p) { return holds_centre(rings_of(p), centre); }))
        out.tiles.push_back(kGrid.id(row, column));
      out.solid += any([&](const auto& p) { return holds_centre({p.exterior}, centre); });
      out.in_holes += any([&](const auto& p) {
        return std::ranges::any_of(p.holes, [&](const auto& hole) { return holds_centre({hole}, centre); });
      });
    }
  }
  return out;
}

}  // namespace

TEST(CentreLaw, AgreesWithTheLawAppliedCellByCellOnAHalfPixelLattice) {
  std::mt19937_64 draw(11);
  for (int round = 0; round < 2000; ++round) {
    // Centres anywhere, so that many shapes leave the grid.
    const Node centre{static_cast<std::int64_t>(draw() % 60) - 6, static_cast<std::int64_t>(draw() % 60) - 6};
    const auto shape = testing::random_shape(draw, centre, 3);
    const auto got = cover(kGrid, testing::polygons_of(shape, 0.5), Predicate::center);
    const auto want = by_centre(shape);
    ASSERT_EQ(ids(got.tiles), want.tiles) << "round " << round;
    ASSERT_EQ(got.cells_excluded_outside + want.solid, got.cells_visited) << "round " << round;
    ASSERT_EQ(got.cells_excluded_hole, want.in_holes) << "round " << round;
  }
}

TEST(CentreLaw, DecidesTiesAsTheTableSays) {
  const auto holds = [](const MultiPolygon& shape, double x, double y) {
    const auto row = static_cast<std::uint32_t>(kSide - y), column = static_cast<std::uint32_t>(x);
    return cover(kGrid, shape, Predicate::center).tiles.contains(kGrid.id(row, column));
  };
  const MultiPolygon square = {{box(4.5, 4.5, 8.5, 8.5), {}}};
  EXPECT_FALSE(holds(square, 4.5, 6.5)) << "west edge";
  EXPECT_TRUE(holds(square, 8.5, 6.5)) << "east edge";
  EXPECT_TRUE(holds(square, 6.5, 8.5)) << "north edge";
  EXPECT_TRUE(holds(square, 6.5, 4.5)) << "south edge";
  EXPECT_FALSE(holds(square, 4.5, 8.5)) << "left end of the north edge";
  EXPECT_TRUE(holds(square, 8.5, 4.5)) << "right end of the south edge";
  const MultiPolygon ring = {{box(1, 1, 20, 20), {box(4.5, 4.5, 8.5, 8.5)}}};
  EXPECT_TRUE(holds(ring, 4.5, 6.5)) << "west edge of a hole";
  EXPECT_FALSE(holds(ring, 8.5, 6.5)) << "east edge of a hole";
  EXPECT_FALSE(holds(ring, 6.5, 8.5)) << "north edge of a hole";
  EXPECT_TRUE(holds(ring, 6.5, 4.5)) << "south edge of a hole";
  const Ring diamond = {{6.5, 9.5}, {9.5, 6.5}, {6.5, 3.5}, {3.5, 6.5}, {6.5, 9.5}};
  EXPECT_FALSE(holds({{diamond, {}}}, 6.5, 9.5)) << "north tip";
  EXPECT_FALSE(holds({{diamond, {}}}, 6.5, 3.5)) << "south tip";
  EXPECT_TRUE(holds({{diamond, {}}}, 9.5, 6.5)) << "east tip";
  EXPECT_FALSE(holds({{diamond, {}}}, 3.5, 6.5)) << "west tip";
}

TEST(CentreLaw, HoldsOnRotatedAndSouthUpGridsToo) {
  std::mt19937_64 draw(19);
  const std::vector<Grid> grids = {{24, 24, 1, 0.21, 0.01317, 0.17, -1, 24.0071},
                                   {24, 24, 1, 0, 0.01317, 0, 1, 0.0171},
                                   {24, 24, -1, 0, 24.01317, 0, -1, 24.0171}};
  for (int round = 0; round < 150; ++round) {
    const auto shape = testing::polygons_of(testing::random_shape(draw, {24, 24}, 4), 0.5);
    const CountryIndex index(shape);
    for (const auto& grid : grids) {
      const auto tiles = cover(grid, shape, Predicate::center).tiles;
      for (std::uint32_t row = 0; row < kSide; ++row) {
        for (std::uint32_t column = 0; column < kSide; ++column) {
          const Point centre{grid.c + grid.a * (column + 0.5) + grid.b * (row + 0.5),
                             grid.f + grid.d * (column + 0.5) + grid.e * (row + 0.5)};
          ASSERT_EQ(tiles.contains(grid.id(row, column)), index.covers(centre))
              << "round " << round << " row " << row << " column " << column;
        }
      }
    }
  }
}

TEST(OverlapLaw, KeepsExactlyTheCellsThatShareArea) {
  std::mt19937_64 draw(13);
  for (int round = 0; round < 400; ++round) {
    const Node centre{static_cast<std::int64_t>(draw() % 112) - 8, static_cast<std::int64_t>(draw() % 112) - 8};
    const auto shape = testing::random_shape(draw, centre, 3);
    NodeShape solid = {{shape[0].exterior, {}}};  // holds the island too
    const auto got = cover(kGrid, testing::polygons_of(shape, 0.25), Predicate::any_overlap);
    std::vector<TileId> want;
    std::uint64_t in_solid = 0;
    for (std::uint32_t row = 0; row < kSide; ++row) {
      for (std::uint32_t column = 0; column < kSide; ++column) {
        const Node low{4 * column, 4 * (kSide - 1 - row)}, high{low.x + 4, low.y + 4};
        if (testing::common_area(shape, low, high) > 1e-9L) want.push_back(kGrid.id(row, column));
        in_solid += testing::common_area(solid, low, high) > 1e-9L;
      }
    }
    ASSERT_EQ(ids(got.tiles), want) << "round " << round;
    ASSERT_EQ(got.cells_excluded_outside, got.cells_visited - in_solid) << "round " << round;
    ASSERT_EQ(got.cells_excluded_hole, in_solid - want.size()) << "round " << round;
  }
}

TEST(OverlapLaw, OnARotatedGridTestsTheBoxOfTwoCorners) {
  const Grid rotated{20, 20, 1, 0.25, 0, 0.25, -1, 20};
  const MultiPolygon shape = {{box(6.1, 10.1, 9.3, 12.7), {}}};
  const auto got = ids(cover(rotated, shape, Predicate::any_overlap).tiles);
  ASSERT_FALSE(got.empty());
  for (const auto tile : got) {
    const auto b = cell_box(rotated, rotated.row_of(tile), rotated.column_of(tile));
    EXPECT_TRUE(b.max_lon > 6.1 && b.min_lon < 9.3 && b.max_lat > 10.1 && b.min_lat < 12.7) << tile;
  }
}

TEST(Counters, OfWorkedExamples) {
  const Grid grid{10, 6, 1, 0, 10, 0, -1, 52};
  const auto counts = [&](const MultiPolygon& shape) {
    const auto c = cover(grid, shape, Predicate::center);
    return std::vector<std::uint64_t>{c.cells_visited, c.tiles.size(), c.cells_excluded_outside, c.cells_excluded_hole};
  };
  const Ring outer = box(10.2, 46.2, 19.8, 51.8);
  EXPECT_EQ(counts({{outer, {box(12.5, 48.5, 15.5, 50.5)}}}), (std::vector<std::uint64_t>{60, 54, 0, 9}));
  EXPECT_EQ(counts({{outer, {box(12.2, 47.2, 16.8, 50.8)}}, {box(13.2, 48.2, 15.8, 49.8), {}}}),
            (std::vector<std::uint64_t>{60, 46, 0, 20}));
  const MultiPolygon ties = {{box(11.5, 48.5, 14.5, 50.5), {}}};
  EXPECT_EQ(counts(ties), (std::vector<std::uint64_t>{12, 9, 3, 0}));
  EXPECT_EQ(ids(cover(grid, ties, Predicate::center).tiles), (std::vector<TileId>{12, 13, 14, 22, 23, 24, 32, 33, 34}));
}

TEST(Antimeridian, HasOneWindowOnEachSide) {
  const Grid grid{360, 180, 1, 0, -180, 0, -1, 90};
  const MultiPolygon shape = {{box(178.2, -2.2, 180, 1.2), {}}, {box(-180, -2.2, -178.8, 1.2), {}}};
  const auto c = cover(grid, shape, Predicate::center);
  EXPECT_EQ(c.cells_visited, 20U);
  EXPECT_EQ(c.cells_excluded_outside, 11U);
  EXPECT_EQ(ids(c.tiles), (std::vector<TileId>{32040, 32398, 32399, 32400, 32758, 32759, 32760, 33118, 33119}));
}

TEST(Antimeridian, APolygonAcrossTheGreenwichMeridianStaysWhole) {
  const Grid grid{360, 180, 1, 0, -180, 0, -1, 90};
  const MultiPolygon shape = {
      {box(-4.7, -2.2, 4.8, 1.2), {}}, {box(178.2, -2.2, 180, 1.2), {}}, {box(-180, -2.2, -178.8, 1.2), {}}};
  const auto c = cover(grid, shape, Predicate::center);
  EXPECT_EQ(c.tiles.size(), 9U + 3 * 10);
  EXPECT_EQ(cover(grid, shape, Predicate::any_overlap).tiles_twice, 0U);
}

TEST(Antimeridian, CellsSharedAcrossTheGreenwichMeridianAreCounted) {
  const Grid grid{36, 18, 10, 0, -175, 0, -10, 90};
  const MultiPolygon shape = {
      {box(1, 1, 2, 2), {}}, {box(-2, 1, -1, 2), {}}, {box(-170, 1, -169, 2), {}}, {box(169, 1, 170, 2), {}}};
  EXPECT_EQ(cover(grid, shape, Predicate::any_overlap).tiles_twice, 1U);
}

TEST(Cover, OfACountryOffTheGridIsEmptyWithoutCounters) {
  const auto c = cover(kGrid, {{box(100, 10, 110, 20), {}}}, Predicate::center);
  EXPECT_TRUE(c.tiles.empty());
  EXPECT_EQ(c.cells_visited + c.cells_excluded_outside + c.cells_excluded_hole, 0U);
}

}  // namespace placewright::geo
