#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <numeric>

#include "world/exponential.hpp"
#include "world/owners.hpp"
#include "world/population.hpp"
#include "world/settlements.hpp"

namespace placewright::world {
namespace {

geo::Grid globe(std::uint32_t cells_per_degree) {
  const double size = 1.0 / cells_per_degree;
  return {360 * cells_per_degree, 180 * cells_per_degree, size, 0, -180, 0, -size, 90};
}

geo::TileSet box(const geo::Grid& grid, std::uint32_t row, std::uint32_t rows, std::uint32_t column,
                 std::uint32_t columns) {
  std::vector<geo::Span> spans;
  for (auto r = row; r < row + rows; ++r) spans.push_back({grid.id(r, column), columns});
  return geo::TileSet(spans);
}

Place place(double lat, double lon, double people) { return {lat, lon, people, people, place_radius_km(people)}; }

double sum(const std::vector<float>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

class Population : public testing::Test {
 protected:
  Population()
      : grid_(globe(30)),
        lamps_(8, 4, std::vector<std::uint8_t>(32, 0)),
        reader_(lamps_, grid_),
        ground_(make_ground(grid_, reader_)) {}
  const geo::Grid grid_;
  const Lamps lamps_;
  const LampReader reader_;
  const Ground ground_;
};

TEST(Exponential, AgreesWithTheLibraryToTwoUlp) {
  for (double x = 0; x > -40; x -= 0.001) {
    const double expected = std::exp(x);
    EXPECT_NEAR(exponential(x), expected, 2 * expected * 0x1p-52) << x;
  }
}

TEST_F(Population, TheSumIsTheTotal) {
  const auto tiles = box(grid_, 1200, 60, 5000, 90);
  for (const double total : {1.0, 17.0, 12'345.0, 98'765'432.0}) {
    const auto spread = spread_people(ground_, tiles, total, {});
    EXPECT_NEAR(sum(spread.people), total, 1e-9 * total + 1e-6);
    EXPECT_EQ(spread.total, sum(spread.people));
  }
}

TEST_F(Population, NobodyAndNoTilesGiveNothing) {
  EXPECT_TRUE(spread_people(ground_, box(grid_, 1200, 2, 5000, 2), 0, {}).people.empty());
  EXPECT_TRUE(spread_people(ground_, {}, 1000, {}).people.empty());
}

TEST_F(Population, PeopleThinOutAwayFromAPlace) {
  const auto tiles = box(grid_, 1200, 61, 5000, 61);
  const double lat = 90 - (1230 + 0.5) / 30, lon = -180 + (5030 + 0.5) / 30;
  const auto spread = spread_people(ground_, tiles, 1e6, std::vector{place(lat, lon, 2e6)});
  EXPECT_DOUBLE_EQ(spread.settled, 850'000);
  const auto at = [&](std::uint32_t row, std::uint32_t column) {
    return spread.people[*tiles.position_of(grid_.id(row, column))];
  };
  for (std::uint32_t k = 0; k < 10; ++k) {
    EXPECT_GT(at(1230, 5030 + k), at(1230, 5031 + k));
    EXPECT_GT(at(1230 + k, 5030), at(1231 + k, 5030));
    EXPECT_NEAR(at(1230, 5030 + k), at(1230, 5030 - k), at(1230, 5030) * 0.001);  // cells keep 13 bits
  }
}

TEST_F(Population, APlaceReachesAcrossTheAntimeridian) {
  auto west = box(grid_, 2700, 20, 0, 20), east = box(grid_, 2700, 20, grid_.columns - 20, 20);
  std::vector<geo::Span> spans;
  for (std::size_t i = 0; i < 20; ++i) {
    spans.push_back(west.spans()[i]);
    spans.push_back(east.spans()[i]);
  }
  const geo::TileSet tiles(spans);
  const auto spread = spread_people(ground_, tiles, 1e5, std::vector{place(90 - 2710.5 / 30, 180, 1e5)});
  EXPECT_EQ(spread.people[*tiles.position_of(grid_.id(2710, 0))],
            spread.people[*tiles.position_of(grid_.id(2710, grid_.columns - 1))]);
  EXPECT_GT(spread.people[*tiles.position_of(grid_.id(2710, 0))], 1000);
}

TEST_F(Population, APlaceOutsideItsCountryGoesToTheNearestCell) {
  const auto tiles = box(grid_, 1200, 10, 5000, 10);
  const auto spread =
      spread_people(ground_, tiles, 1e5, std::vector{place(90 - 1205.5 / 30, -180 + 5015.5 / 30, 1000)});
  EXPECT_EQ(spread.moved, 1U);
  EXPECT_EQ(spread.far, 0U);
  EXPECT_GT(spread.people[*tiles.position_of(grid_.id(1205, 5009))], 1000);
}

TEST_F(Population, APlaceFarBeyondItsCountryIsLeftOut) {
  const auto tiles = box(grid_, 1200, 10, 5000, 10);
  const auto spread =
      spread_people(ground_, tiles, 1e5, std::vector{place(90 - 1205.5 / 30, -180 + 5100.5 / 30, 1000)});
  EXPECT_EQ(spread.moved, 0U);
  EXPECT_EQ(spread.far, 1U);
  EXPECT_DOUBLE_EQ(spread.far_people, 1000);
  EXPECT_EQ(spread.settled, 0);
  EXPECT_NEAR(sum(spread.people), 1e5, 1e-3);
}

TEST_F(Population, ValuesKeepThirteenBitsSaveOne) {
  const auto tiles = box(grid_, 1200, 30, 5000, 40);
  const auto spread = spread_people(ground_, tiles, 123'457, std::vector{place(49.5, -13, 50'000)});
  int longer = 0;
  for (const float people : spread.people) {
    const auto units = static_cast<std::uint64_t>(static_cast<double>(people) * 0x1p20);
    EXPECT_EQ(static_cast<double>(units) * 0x1p-20, static_cast<double>(people));
    longer += std::bit_width(units) - std::countr_zero(units) > 13 ? 1 : 0;
  }
  EXPECT_LE(longer, 1);
}

TEST(Settlements, APlaceCountsThePeopleInsideItOnce) {
  const auto read = parse_settlements(
      "geoname_id,name,country_iso,feature_code,admin1_code,population,lat_deg,lon_deg\n"
      "1,\"Metro, the\",US,PPL,NY,1000000,40.0,-74.0\n"
      "2,Borough,US,PPLA2,NY,300000,40.01,-74.0\n"
      "3,Other unit,US,PPL,NJ,200000,40.0,-74.01\n"
      "4,Quarter,US,PPLX,NY,90000,40.0,-74.0\n"
      "5,Gone,US,PPLH,NY,10,40.0,-74.0\n"
      "6,Empty,US,PPL,NY,0,40.0,-74.0\n");
  ASSERT_TRUE(read) << read.error().message();
  const auto& places = read->places.at(*Iso::parse("US"));
  ASSERT_EQ(places.size(), 3U);
  EXPECT_EQ(places[0].own, 700'000);
  EXPECT_EQ(places[1].own, 300'000);
  EXPECT_EQ(places[2].own, 200'000);
  EXPECT_EQ(read->counts.at("dropped_section_or_past"), 2);
  EXPECT_EQ(read->counts.at("dropped_without_people"), 1);
}

TEST(Settlements, AMalformedRowIsNamed) {
  const auto read = parse_settlements(
      "geoname_id,country_iso,feature_code,admin1_code,population,lat_deg,lon_deg\n1,US,PPL,NY,x,1,1\n");
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message().find("row 2"), std::string::npos);
}

TEST(Owners, ASharedCellHasOneOwnerAndSquaresComeFirst) {
  const auto grid = globe(1);
  const std::vector<geo::TileSet> tiles = {box(grid, 10, 10, 10, 10), box(grid, 12, 2, 12, 2), box(grid, 19, 3, 19, 3)};
  const auto made = assign_owners(tiles, {Standing::country, Standing::country, Standing::stand_in});
  EXPECT_EQ(made.owned[0].size(), 100U - 4 - 1);
  EXPECT_EQ(made.owned[1].size(), 4U);
  EXPECT_EQ(made.owned[2].size(), 9U);
  EXPECT_FALSE(made.owned[0].contains(grid.id(13, 13)));
  EXPECT_TRUE(made.owned[0].contains(grid.id(13, 14)));
  EXPECT_EQ(made.levels.size(), 2U);
  EXPECT_EQ(made.levels[1], std::vector<std::size_t>{0});
}

TEST(Owners, AnyOverlapAgreesWithCellByCellCounting) {
  const auto grid = globe(1);
  std::uint64_t state = 7;
  const auto draw = [&state](std::uint32_t n) {
    return static_cast<std::uint32_t>((state = state * 6364136223846793005U + 1442695040888963407U) >> 33) % n;
  };
  for (int round = 0; round < 50; ++round) {
    std::vector<geo::TileSet> tiles;
    std::vector<Standing> standing;
    for (int i = 0; i < 5; ++i) {
      tiles.push_back(box(grid, 20 + draw(10), 1 + draw(12), 20 + draw(10), 1 + draw(12)));
      standing.push_back(static_cast<Standing>(draw(3)));
    }
    const auto made = assign_owners(tiles, standing);
    for (TileId cell = grid.id(20, 0); cell < grid.id(45, 0); ++cell) {
      int holders = 0, owners = 0;
      for (std::size_t i = 0; i < tiles.size(); ++i) {
        holders += tiles[i].contains(cell) ? 1 : 0;
        owners += made.owned[i].contains(cell) ? 1 : 0;
      }
      ASSERT_EQ(owners, holders > 0 ? 1 : 0) << cell;
    }
  }
}

}  // namespace
}  // namespace placewright::world
