#include <gtest/gtest.h>

#include "geo/grid.hpp"

namespace placewright::geo {

Grid grid_of(double a, double c, double f, std::uint32_t columns = 43200, std::uint32_t rows = 21600) {
  return {columns, rows, a, 0, c, 0, -a, f};
}

TEST(TileBounds, ACellAcrossTheSeamHasItsWestEdgeEastOfItsEastEdge) {
  const auto grid = grid_of(0.0083333333, -180.0012493, 83.6329165016827);
  const auto first = tile_bounds(grid, 0, 0);
  EXPECT_EQ(first.min_lon, 179.9987507);
  EXPECT_EQ(first.max_lon, -179.99291596670002);
  EXPECT_EQ(first.centroid_lon, -179.99708263335003);
  const auto last = tile_bounds(grid, 0, 43198);
  EXPECT_EQ(last.min_lon, 179.9820825934);
  EXPECT_EQ(last.max_lon, 179.9904159267);
  EXPECT_EQ(last.centroid_lon, 179.98624926005);
}

TEST(TileBounds, RoundingAloneCanWrapTheEastEdge) {
  EXPECT_EQ(tile_bounds(grid_of(0.4, -180, 90), 0, 899).max_lon, -179.99999999999997);
  const auto east_edge = [](double pixel) {
    const auto columns = static_cast<std::uint32_t>(360 / pixel + 0.5);
    return tile_bounds(grid_of(pixel, -180, 90, columns), 0, columns - 1).max_lon;
  };
  for (const double pixel : {0.1, 0.05, 1 / 60.0}) EXPECT_LT(east_edge(pixel), 0) << pixel;
  for (const double pixel : {0.25, 0.375, 0.5, 1 / 3.0, 1 / 120.0}) EXPECT_GT(east_edge(pixel), 179) << pixel;
}

TEST(TileBounds, TheEastEdgeIsTheWestEdgePlusOnePixel) {
  const auto grid = grid_of(0.0083333333, -180.0012493, 83.6329165016827);
  for (std::uint32_t column = 5; column < 43000; column += 997) {
    const double left = grid.c + grid.a * column;
    const auto b = tile_bounds(grid, 7, column);
    EXPECT_EQ(b.min_lon, left);
    EXPECT_EQ(b.max_lon, left + grid.a);
    EXPECT_EQ(b.centroid_lon, (left + (left + grid.a)) / 2);
    EXPECT_EQ(b.max_lat, grid.f + grid.e * 7);
    EXPECT_EQ(b.min_lat, grid.f + grid.e * 7 + grid.e);
  }
}

TEST(TileBounds, ARotatedCellHasTheBoxOfItsCornersAndTheAffineCentre) {
  const Grid grid{10, 10, 2, 1, 5, -1, -2, 40};
  const auto b = tile_bounds(grid, 1, 2);  // corners (10, 36) (12, 35) (13, 33) (11, 34)
  EXPECT_EQ(b.min_lon, 10);
  EXPECT_EQ(b.max_lon, 13);
  EXPECT_EQ(b.min_lat, 33);
  EXPECT_EQ(b.max_lat, 36);
  EXPECT_EQ(b.centroid_lon, 11.5);
  EXPECT_EQ(b.centroid_lat, 34.5);
}

TEST(WrapLongitude, LeavesTheBoundsThemselves) {
  EXPECT_EQ(wrap_longitude(180), 180);
  EXPECT_EQ(wrap_longitude(-180), -180);
  EXPECT_EQ(wrap_longitude(180.5), -179.5);
  EXPECT_EQ(wrap_longitude(-180.5), 179.5);
}

}  // namespace placewright::geo
