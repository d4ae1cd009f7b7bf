#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <numbers>
#include <sstream>

#include "geo/area.hpp"

namespace placewright::geo {

TEST(RowAreas, EqualTheKnownAnswersBitForBit) {
  std::ifstream file(PW_TESTS "/vectors/row_areas.txt");
  std::string line;
  int read = 0;
  while (std::getline(file, line)) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream fields(line);
    Grid grid{1, 0, 0, 0, 0, 0, 0, 0};
    std::uint32_t row = 0;
    double area = 0;
    fields >> grid.a >> grid.f >> row >> area;
    grid.e = -grid.a;
    grid.rows = row + 1;
    EXPECT_EQ(cell_area(grid, row, 0), area) << line;
    ++read;
  }
  EXPECT_GT(read, 30);
}

// Area between parallels in closed form, plus the leading term of the strip between parallel and geodesic.
double expected_area(double south, double north, double width) {
  constexpr double kA = 6378137.0, kF = 1 / 298.257223563, kDegree = std::numbers::pi / 180;
  const double e2 = kF * (2 - kF), e = std::sqrt(e2), b2 = kA * kA * (1 - e2), dl = width * kDegree;
  const auto q = [&](double s) { return s / (1 - e2 * s * s) + std::atanh(e * s) / e; };
  const auto g = [&](double s) { return kA * kA / (1 - e2 * s * s) * s * (1 - s * s); };
  const double s1 = std::sin(south * kDegree), s2 = std::sin(north * kDegree);
  return b2 / 2 * dl * (q(s2) - q(s1)) + dl * dl * dl / 12 * (g(s2) - g(s1));
}

TEST(RowAreas, AgreeWithTheClosedForm) {
  const Grid grid{43200, 21600, 1 / 120.0, 0, -180, 0, -1 / 120.0, 90};
  const auto areas = row_areas(grid);
  ASSERT_EQ(areas.size(), grid.rows);
  for (std::uint32_t row = 300; row < 21300; row += 53) {
    const auto b = tile_bounds(grid, row, 0);
    EXPECT_NEAR(areas[row] / expected_area(b.min_lat, b.max_lat, grid.a), 1, 2e-10) << row;
  }
}

TEST(CellArea, OfARotatedGridIsThatOfTheCellsBox) {
  const Grid rotated{10, 10, 0.5, 0.125, 5, 0, -0.5, 40};
  const auto b = tile_bounds(rotated, 3, 4);
  const Grid straight{1, 1, b.max_lon - b.min_lon, 0, b.min_lon, 0, b.min_lat - b.max_lat, b.max_lat};
  EXPECT_NEAR(cell_area(rotated, 3, 4) / cell_area(straight, 0, 0), 1, 1e-13);
}

}  // namespace placewright::geo
