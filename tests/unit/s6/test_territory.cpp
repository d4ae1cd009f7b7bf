#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "../geo/shapes.hpp"
#include "geo/coverage.hpp"
#include "states/s6_jitter/territory.hpp"

namespace placewright::states::s6_jitter {
namespace {

const Iso kCountry = *Iso::parse("QX");

geo::TileBounds bounds_of(const geo::Grid& grid, TileId tile) {
  return geo::tile_bounds(grid, grid.row_of(tile), grid.column_of(tile));
}

// The plain question, put to the whole country, decides what is right.
TEST(Territory, SeesTheCountryFromATileAsItIs) {
  std::mt19937_64 draw(41);
  const geo::Grid grid{96, 96, 0.25, 0, 0, 0, -0.25, 24};
  std::size_t interior = 0, patched = 0;
  for (int round = 0; round < 100; ++round) {
    const auto polygons = geo::testing::polygons_of(geo::testing::random_shape(draw, {48, 48}, 8), 0.25);
    const auto tiles = geo::cover(grid, polygons, geo::Predicate::any_overlap).tiles;
    const geo::CountryIndex index(polygons);
    const Territory territory(kCountry, grid, polygons, tiles, std::nullopt);
    for (int i = 0; i < 400; ++i) {
      const auto tile = tiles.id_at(draw() % tiles.size());
      const auto position = territory.position_of(tile);
      ASSERT_EQ(position, tiles.position_of(tile));
      const auto bounds = bounds_of(grid, tile);
      const auto land = territory.land(*position, bounds);
      interior += land.interior;
      patched += land.patch != nullptr;
      // Quarters of the tile's sides, one step over each edge too: corners, edges and vertices of the lattice.
      for (int x = -1; x <= 5; ++x) {
        for (int y = -1; y <= 5; ++y) {
          const geo::Point p{bounds.min_lon + 0.0625 * x, bounds.min_lat + 0.0625 * y};
          ASSERT_EQ(land.covers(bounds, p), index.covers(p)) << "tile " << tile << " at " << p.lon << " " << p.lat;
        }
      }
    }
  }
  EXPECT_GT(interior, 1000U);
  EXPECT_GT(patched, 1000U);
}

TEST(Territory, KnowsOnlyTilesOfTheCountryThatHaveBounds) {
  const geo::Ring square = {{1, 1}, {3, 1}, {3, 3}, {1, 3}, {1, 1}};
  const geo::Grid grid{8, 8, 1, 0, 0, 0, -1, 8};
  const geo::MultiPolygon polygons = {{square, {}}};
  const auto tiles = geo::cover(grid, polygons, geo::Predicate::center).tiles;
  ASSERT_EQ(tiles.size(), 4U);
  const Territory whole(kCountry, grid, polygons, tiles, std::nullopt);
  const Territory half(kCountry, grid, polygons, tiles, geo::TileSet({{tiles.id_at(0), 1}, {tiles.id_at(3), 1}}));
  for (TileId tile = 0; tile < 64; ++tile) {
    EXPECT_EQ(whole.position_of(tile), tiles.position_of(tile));
    EXPECT_EQ(half.position_of(tile).has_value(), tile == tiles.id_at(0) || tile == tiles.id_at(3));
    EXPECT_EQ(whole.position_of(tile).has_value(), static_cast<bool>(whole.check(std::vector<TileId>{tile})));
  }
}

TEST(Territory, AnswersForMoreBoundaryTilesThanItKeeps) {
  // A sliver of land: nearly all of its tiles along two coasts as long as the grid is wide.
  const geo::Grid grid{40'000, 40'000, 0x1p-12, 0, 0, 0, -0x1p-12, 10};
  const geo::Ring sliver = {{0.5, 0.5}, {9.5, 0.6}, {9.5, 0.65}, {0.5, 0.5}};
  const geo::MultiPolygon polygons = {{sliver, {}}};
  const auto tiles = geo::cover(grid, polygons, geo::Predicate::any_overlap).tiles;
  const geo::CountryIndex index(polygons);
  const Territory territory(kCountry, grid, polygons, tiles, std::nullopt);
  const auto boundary = geo::boundary_cells(grid, polygons);
  std::size_t kept = 0, met = 0;
  for (const auto& span : boundary.spans()) {
    for (auto tile = span.first; tile < span.first + span.length; ++tile) {
      const auto position = tiles.position_of(tile);
      if (!position) continue;
      const auto bounds = bounds_of(grid, tile);
      for (int again = 0; again < 2; ++again) {
        const auto land = territory.land(*position, bounds);
        const geo::Point middle{bounds.centroid_lon, bounds.centroid_lat};
        ASSERT_EQ(land.covers(bounds, middle), index.covers(middle));
        if (again == 1) kept += land.patch != nullptr;
      }
      ++met;
    }
  }
  EXPECT_GT(met, Territory::kMostPatches + 1000);
  EXPECT_EQ(kept, Territory::kMostPatches);
}

}  // namespace
}  // namespace placewright::states::s6_jitter
