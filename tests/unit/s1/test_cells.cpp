#include <gtest/gtest.h>

#include "geo/area.hpp"
#include "states/s1_tiles/cells.hpp"

namespace placewright::states::s1_tiles {
namespace {

geo::Coverage coverage_of(const geo::Grid& grid, std::uint32_t row, std::uint32_t column, std::uint32_t length) {
  geo::Coverage coverage;
  coverage.tiles = geo::TileSet({{grid.id(row, column), length}});
  return coverage;
}

std::string code_of(const geo::Grid& grid, const geo::Coverage& coverage) {
  const auto checked = check_tiles(Cells(grid), *Iso::parse("AQ"), coverage);
  return checked ? "" : checked.error().code();
}

}  // namespace

TEST(Cells, WhatTheySayOfARowHoldsForEveryTileOfIt) {
  const geo::Grid grid{43199, 217, 0.0083333333, 0, -180.0012493, 0, -0.83333333, 90};
  const Cells cells(grid);
  std::size_t with_area = 0;
  for (std::uint32_t row = 0; row < grid.rows; row += 3) {
    with_area += cells.row_has_area[row];
    for (std::uint32_t column = 0; column < grid.columns; column += 1999) {
      EXPECT_EQ(cells.row_fits[row] != 0, geo::tile_bounds(grid, row, column).min_lat >= -90);
      EXPECT_TRUE(cells.row_has_area[row] == 0 || geo::cell_area(grid, row, column) > 0);
    }
  }
  EXPECT_EQ(with_area, 72U) << "all but the row beyond the pole";
}

TEST(CheckTiles, StopsATileBeyondAPoleButNotOneBesideIt) {
  const geo::Grid grid{360, 181, 1, 0, -180, 0, -1, 90};
  EXPECT_EQ(code_of(grid, coverage_of(grid, 179, 0, 360)), "");
  EXPECT_EQ(code_of(grid, coverage_of(grid, 180, 5, 1)), "E004_BOUNDS");
}

// Where the cheap bound says nothing, geodesics decide.
TEST(CheckTiles, StopsACellWithoutArea) {
  const geo::Grid grid{360, 90, 1, 0, -180, 0, -1e-300, 0};
  EXPECT_EQ(code_of(grid, coverage_of(grid, 1, 5, 1)), "E006_AREA_NONPOS");
}

TEST(CheckTiles, StopsATileThatOneWrapDoesNotBringBack) {
  const geo::Grid grid{1000, 10, 1, 0, -180, 0, -1, 5};
  EXPECT_EQ(code_of(grid, coverage_of(grid, 3, 0, 720)), "");
  EXPECT_EQ(code_of(grid, coverage_of(grid, 3, 719, 2)), "E004_BOUNDS");
}

TEST(CheckTiles, NamesATileListedTwiceFirst) {
  const geo::Grid grid{360, 181, 1, 0, -180, 0, -1, 90};
  auto coverage = coverage_of(grid, 180, 5, 1);
  coverage.tiles_twice = 1;
  EXPECT_EQ(code_of(grid, coverage), "E003_DUP_TILE");
}

}  // namespace placewright::states::s1_tiles
