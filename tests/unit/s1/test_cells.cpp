#include <gtest/gtest.h>

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

TEST(Cells, HoldTheLatitudesOfEveryTileByRow) {
  const geo::Grid grid{43199, 167, 0.0083333333, 0, -180.0012493, 0, -0.83333333, 83.6329165016827};
  const Cells cells(grid);
  for (std::uint32_t row = 0; row < grid.rows; row += 13) {
    for (std::uint32_t column = 0; column < grid.columns; column += 1999) {
      const auto b = geo::tile_bounds(grid, row, column);
      EXPECT_EQ(cells.min_lat[row], b.min_lat);
      EXPECT_EQ(cells.max_lat[row], b.max_lat);
    }
  }
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
