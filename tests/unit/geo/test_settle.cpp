#include <gtest/gtest.h>

#include <cmath>

#include "geo/settle.hpp"

namespace placewright::geo {
namespace {

const Grid kCoarse{36, 18, 10, 0, -180, 0, -10, 90};
// The first column reaches across the antimeridian.
const Grid kShifted{36, 18, 10, 0, -185, 0, -10, 90};

TEST(Settle, HalfOfTheGroundLiesBelowTheMiddleDraw) {
  for (std::uint32_t row = 1; row < 17; ++row) {
    const auto tile = tile_bounds(kCoarse, row, 4);
    const auto lat = even_offset(tile, 0.5, 0.5).point.lat;
    const double rad = 3.14159265358979 / 180;
    const double even = std::asin((std::sin(tile.min_lat * rad) + std::sin(tile.max_lat * rad)) / 2) / rad;
    // The cosine counts as linear; over ten degrees that is worth less than this.
    EXPECT_NEAR(lat, even, 0.01) << row;
  }
}

TEST(Settle, PointsStayInTheirTileAlsoAcrossTheSeam) {
  for (const auto& grid : {kCoarse, kShifted}) {
    for (std::uint32_t row = 0; row < 18; ++row) {
      const auto tile = tile_bounds(grid, row, 0);
      for (const double u : {0x1p-64, 0.1, 0.5, 0.9, 0x1.fffffffffffffp-1}) {
        const auto offset = even_offset(tile, u, 1 - u);
        EXPECT_LE(std::abs(offset.lon), 5.0000001);
        EXPECT_LE(std::abs(offset.lat), 5.0000001);
        EXPECT_TRUE(holds(tile, offset.point) || u < 1e-10 || u > 1 - 1e-10);
      }
    }
  }
}

TEST(Settle, TheWayOutFindsALastStripAndElseTheCentre) {
  const auto tile = tile_bounds(kShifted, 8, 0);
  for (std::uint64_t word = 1; word < 2000; word += 97) {
    const auto found = way_out(tile, word * 7919, word, [&](Point p) { return p.lat > tile.max_lat - 0.16; });
    EXPECT_GT(found.point.lat, tile.max_lat - 0.16);
    EXPECT_TRUE(holds(tile, found.point));
  }
  EXPECT_EQ(way_out(tile, 1, 2, [](Point) { return false; }).lat, 0);
}

}  // namespace
}  // namespace placewright::geo
