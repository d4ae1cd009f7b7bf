// What the embedded surface says of eleven countries, against the figures it was designed to (docs/population.md).
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "world/overseas.hpp"
#include "world/pack.hpp"
#include "world/people.hpp"

namespace placewright::world {
namespace {

struct Row {
  const char* iso;
  double settled, lit, rural;    // shares of the people
  double densest;                // people per km2 of the fullest cell
  double half_above, half_area;  // half of the people live above so many per km2, on so many per cent of the area
  std::array<double, 3> within;  // share within 1, 5, 20 km of a listed settlement
};

// Measured with the law's prototype on another set of polygons, at 1 arc minute.
constexpr Row kDesigned[] = {{"US", .76, .20, .04, 31540, 1173, 0.64, {.22, .81, .99}},
                             {"DE", .85, .15, 0, 18457, 1073, 5.4, {.23, .92, 1}},
                             {"FR", .76, .20, .04, 20308, 1001, 2.2, {.39, .96, .99}},
                             {"JP", .76, .20, .04, 28338, 2536, 3.1, {.05, .66, .98}},
                             {"CN", .28, .20, .52, 47968, 926, 2.8, {.01, .16, .60}},
                             {"IN", .20, .20, .60, 46765, 693, 10.4, {.03, .27, .87}},
                             {"BD", .16, .20, .64, 37910, 1436, 17.2, {.01, .16, .78}},
                             {"BR", .63, .20, .17, 35461, 1048, 0.40, {.08, .50, .85}},
                             {"NG", .27, .20, .53, 54531, 522, 7.0, {.02, .20, .70}},
                             {"EG", .27, .20, .53, 30063, 1226, 1.7, {.02, .26, .75}},
                             {"ET", .06, .20, .74, 18698, 219, 8.4, {0, .07, .33}}};

constexpr std::uint32_t kPerDegree = 60;
constexpr std::array<double, 3> kReach = {1, 5, 20};  // km
constexpr double kDegreeKm = 111.195;

// Per cell of the globe 3, 2, 1: a listed place within 1, 5, 20 km of its centre; 0: none.
std::vector<std::uint8_t> nearness(const geo::Grid& grid, const std::vector<Place>& places) {
  std::vector<std::uint8_t> near(static_cast<std::size_t>(grid.rows) * grid.columns);
  for (const auto& place : places) {
    const double east_km = kDegreeKm * std::cos(place.lat * std::numbers::pi / 180);
    const auto row = static_cast<int>((90 - place.lat) * kPerDegree),
               column = static_cast<int>((place.lon + 180) * kPerDegree);
    const int high = static_cast<int>(kReach[2] / kDegreeKm * kPerDegree) + 1,
              wide = static_cast<int>(kReach[2] / east_km * kPerDegree) + 1;
    for (int r = std::max(0, row - high); r <= std::min<int>(grid.rows - 1, row + high); ++r) {
      for (int c = std::max(0, column - wide); c <= std::min<int>(grid.columns - 1, column + wide); ++c) {
        const double km = std::hypot((90 - (r + .5) / kPerDegree - place.lat) * kDegreeKm,
                                     ((c + .5) / kPerDegree - 180 - place.lon) * east_km);
        const auto level =
            static_cast<std::uint8_t>(std::ranges::count_if(kReach, [&](double reach) { return km <= reach; }));
        auto& known = near[static_cast<std::size_t>(r) * grid.columns + static_cast<std::size_t>(c)];
        known = std::max(known, level);
      }
    }
  }
  return near;
}

struct Cell {
  double people, km2;
};

Row measure(const char* iso, const Ground& ground, const geo::TileSet& tiles, const Spread& spread,
            const std::vector<Place>& places) {
  Row row{iso, spread.settled / spread.total, spread.lit / spread.total, spread.rural / spread.total, 0, 0, 0, {}};
  const auto near = nearness(ground.grid, places);
  std::vector<Cell> cells;
  double area = 0;
  for (std::size_t s = 0; s < tiles.spans().size(); ++s) {
    const auto& span = tiles.spans()[s];
    for (std::uint32_t i = 0; i < span.length; ++i) {
      const auto id = span.first + i;
      const Cell cell = {spread.people[tiles.start_of(s) + i], ground.row_km2[id / ground.grid.columns]};
      for (std::size_t k = 0; k < kReach.size(); ++k)
        row.within[k] += near[id] >= 3 - k ? cell.people / spread.total : 0;
      area += cell.km2;
      cells.push_back(cell);
    }
  }
  std::ranges::sort(cells, [](const Cell& a, const Cell& b) { return a.people * b.km2 > b.people * a.km2; });
  row.densest = cells.front().people / cells.front().km2;
  double people = 0;
  for (const auto& cell : cells) {
    people += cell.people;
    row.half_area += 100 * cell.km2 / area;
    row.half_above = cell.people / cell.km2;
    if (people >= spread.total / 2) break;
  }
  return row;
}

Result<std::vector<Row>> measured() {
  work::Pool pool(0);
  PW_TRY(const auto pack, Pack::open({}));
  PW_TRY(const auto info, pack.read(kCountryInfoFile));
  PW_TRY(auto table, parse_country_info(info, false));
  PW_TRY(const auto text, pack.read(kPolygonsFile));
  PW_TRY(const auto topology, parse_json(text, std::string(kPolygonsFile)));
  PW_TRY(auto features, decode_topojson(topology, "countries"));
  split_overseas(table, features);
  PW_TRY(const auto csv, pack.read(kSettlementsFile));
  PW_TRY(const auto settlements, parse_settlements(csv));
  PW_TRY(const auto lamps, Lamps::read(pack.path(kLampsFile)));
  // The eleven alone: no cell of theirs has two owners.
  std::erase_if(table, [](const CountryInfo& row) {
    return std::ranges::none_of(kDesigned, [&](const Row& r) { return row.iso.text() == r.iso; });
  });
  PW_TRY(const auto countries, join_countries(table, features, StandIns::shapes, pool));
  const double size = 1.0 / kPerDegree;
  const geo::Grid grid{360 * kPerDegree, 180 * kPerDegree, size, 0, -180, 0, -size, 90};
  PW_TRY(const auto peopled, people_of_world(grid, countries, table, settlements, lamps, pool));
  const LampReader reader(lamps, grid);
  const auto ground = make_ground(grid, reader);
  std::vector<Row> rows;
  for (const auto& designed : kDesigned) {
    const auto at = static_cast<std::size_t>(
        std::ranges::find(countries.rows, *Iso::parse(designed.iso), &WorldCountry::iso) - countries.rows.begin());
    rows.push_back(measure(designed.iso, ground, peopled.owned[at], peopled.spreads[at],
                           settlements.places.at(countries.rows[at].iso)));
  }
  return rows;
}

TEST(Plausibility, TheSurfaceIsWhatItWasDesignedToBe) {
  const auto rows = measured();
  ASSERT_TRUE(rows) << rows.error().message();
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const auto &got = (*rows)[i], &want = kDesigned[i];
    SCOPED_TRACE(got.iso);
    EXPECT_NEAR(got.settled, want.settled, .015);
    EXPECT_NEAR(got.lit, want.lit, .015);
    EXPECT_NEAR(got.rural, want.rural, .015);
    // One cell, in a harbour city (Marseille, Mumbai, Salvador) of as many people as the coastline leaves it.
    EXPECT_NEAR(got.densest / want.densest, 1, .20);
    EXPECT_NEAR(got.half_above / want.half_above, 1, .05);
    // France was designed with its overseas parts, 15 per cent more area.
    EXPECT_NEAR(got.half_area * (got.iso == std::string("FR") ? .87 : 1) / want.half_area, 1, .05);
    for (std::size_t k = 0; k < kReach.size(); ++k) EXPECT_NEAR(got.within[k], want.within[k], .015);
  }
}

}  // namespace
}  // namespace placewright::world
