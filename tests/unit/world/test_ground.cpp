#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>

#include "geo/contains.hpp"
#include "geo/coverage.hpp"
#include "world/countries.hpp"
#include "world/geometry.hpp"
#include "world/overseas.hpp"
#include "world/pack.hpp"
#include "world/territories.hpp"

namespace placewright::world {
namespace {

const geo::Grid kGrid{43200, 21600, 0x1.1111111111110p-7, 0, -180, 0, -0x1.1111111111110p-7, 90};  // 30 arc seconds

using Shared = std::map<std::string, std::uint64_t>;

// Tiles that two countries hold, by their codes.
Shared shared_tiles(const Countries& countries, const std::vector<geo::TileSet>& tiles) {
  std::vector<std::tuple<TileId, TileId, std::size_t>> spans;  // first, end, country
  for (std::size_t i = 0; i < tiles.size(); ++i)
    for (const auto& span : tiles[i].spans()) spans.emplace_back(span.first, span.first + span.length, i);
  std::ranges::sort(spans);
  Shared shared;
  TileId end = 0;
  std::size_t owner = 0;
  for (const auto& [first, last, country] : spans) {
    if (first < end) {
      const auto codes = std::minmax({countries.rows[owner].iso.text(), countries.rows[country].iso.text()});
      shared[codes.first + " " + codes.second] += std::min(end, last) - first;
    }
    if (last > end) {
      end = last;
      owner = country;
    }
  }
  return shared;
}

std::vector<geo::TileSet> cover_all(const Countries& countries) {
  std::vector<geo::TileSet> tiles;
  for (const auto& country : countries.rows)
    tiles.push_back(geo::cover(kGrid, country.polygons, geo::Predicate::center).tiles);
  return tiles;
}

// The countries of a world and their tiles at 30 arc seconds; about two seconds.
class Ground : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    work::Pool pool(2);
    const auto pack = Pack::open({});
    ASSERT_TRUE(pack) << pack.error().message();
    table_ = *parse_country_info(*pack->read(kCountryInfoFile), false);
    const auto topology = parse_json(*pack->read(kPolygonsFile), "polygons");
    auto features = *decode_topojson(*topology, "countries");
    parted_ = split_overseas(table_, features);
    give_territories(plain_territories(), table_, features);
    countries_ = *join_countries(table_, features, StandIns::shapes, pool);
    tiles_ = cover_all(countries_);
  }
  static void TearDownTestSuite() {
    tiles_.clear();
    countries_ = {};
  }

  static std::size_t index_of(const char* code) {
    const auto found = std::ranges::find(countries_.rows, *Iso::parse(code), &WorldCountry::iso);
    return static_cast<std::size_t>(found - countries_.rows.begin());
  }
  static const WorldCountry& country(const char* code) { return countries_.rows[index_of(code)]; }
  static bool holds(const char* code, double lon, double lat) {
    return geo::CountryIndex(country(code).polygons).covers({lon, lat});
  }

  static inline std::vector<CountryInfo> table_;
  static inline Countries countries_;
  static inline std::map<std::string, std::string> parted_;
  static inline std::vector<geo::TileSet> tiles_;
};

TEST_F(Ground, EveryCodeHasATileOfItsOwn) {
  ASSERT_EQ(countries_.rows.size(), 249U);
  for (std::size_t i = 0; i < tiles_.size(); ++i) EXPECT_FALSE(tiles_[i].empty()) << countries_.rows[i].iso.text();
}

TEST_F(Ground, OnlyTheVaticanIsDrawnByHand) {
  EXPECT_EQ(countries_.stand_ins, std::vector<std::string>{"VA"});
  EXPECT_TRUE(holds("VA", 12.4533, 41.9022));
  EXPECT_FALSE(holds("IT", 12.4533, 41.9022));
  EXPECT_TRUE(holds("IT", 12.48, 41.89));
  EXPECT_NEAR(planar_area(country("VA").polygons), 0.44 / (111.1 * 82.9), 1e-6) << "0.44 km2";
}

// A centre in two polygons is a tile of both countries.
TEST_F(Ground, NoTileHasTwoCountries) { EXPECT_EQ(shared_tiles(countries_, tiles_), Shared{}); }

TEST_F(Ground, OverseasPartsAreTheirOwnAndNotTheirParents) {
  EXPECT_EQ(parted_.size(), 11U);
  struct Place {
    const char *code, *parent;
    double lon, lat;
  };
  for (const auto& [code, parent, lon, lat] :
       {Place{"GF", "FR", -52.9, 4.2}, Place{"GP", "FR", -61.65, 16.15}, Place{"MQ", "FR", -61.0, 14.65},
        Place{"RE", "FR", 55.5, -21.1}, Place{"YT", "FR", 45.15, -12.85}, Place{"SJ", "NO", 16.5, 78.3},
        Place{"SJ", "NO", -8.4, 71.0}, Place{"BV", "NO", 3.4, -54.42}, Place{"BQ", "NL", -68.27, 12.12},
        Place{"TK", "NZ", -171.195, -9.345}, Place{"CX", "AU", 105.63, -10.48}}) {
    EXPECT_TRUE(holds(code, lon, lat)) << code;
    EXPECT_FALSE(holds(parent, lon, lat)) << code;
  }
  EXPECT_TRUE(holds("FR", 9.1, 42.1)) << "Corsica";
  EXPECT_TRUE(holds("NO", 25.5, 70)) << "Finnmark";
  EXPECT_TRUE(holds("NZ", -176.5, -43.9)) << "the Chatham Islands";
}

TEST_F(Ground, PlainTerritoriesAreGivenAndDisputedOnesAreHoles) {
  EXPECT_TRUE(holds("CU", -75.13, 19.91)) << "Guantanamo";
  EXPECT_TRUE(holds("KZ", 63.3, 45.95)) << "Baikonur";
  for (const char* name : {"Kosovo", "N. Cyprus", "Somaliland", "Siachen Glacier", "Akrotiri", "Dhekelia"})
    EXPECT_EQ(std::ranges::count(countries_.left_out, name), 1) << name;
  EXPECT_FALSE(holds("SO", 44.5, 9.8)) << "Somaliland";
  EXPECT_FALSE(holds("RS", 21, 42.6)) << "Kosovo";
  EXPECT_TRUE(holds("RU", 34.1, 45.0)) << "Crimea, as the source has it";
}

TEST_F(Ground, CountriesAcrossTheAntimeridianAndAroundThePoleAreWhole) {
  EXPECT_TRUE(holds("FJ", 178, -17.8) && holds("FJ", -179.9, -16.75)) << "Viti Levu and Taveuni's east";
  EXPECT_TRUE(holds("RU", 179, 66) && holds("RU", -175, 66.5)) << "Chukotka";
  EXPECT_TRUE(holds("US", 173, 52.9) && holds("US", -150, 65)) << "Attu and Alaska";
  EXPECT_TRUE(holds("KI", 172.995, 1.0208) && holds("KI", -157.5724, 1.8715)) << "Maiana and Kiritimati";
  for (const double lon : {-179.99, -90.0, 0.0, 90.0, 179.99}) EXPECT_TRUE(holds("AQ", lon, -89.9)) << lon;
}

// What --reference-codes brings back, pair by pair.
TEST(ReferenceTable, SquaresOverlapTheirParents) {
  work::Pool pool(2);
  const auto pack = Pack::open({});
  const auto table = *parse_country_info(*pack->read(kCountryInfoFile), true);
  const auto features = *decode_topojson(*parse_json(*pack->read(kPolygonsFile), "polygons"), "countries");
  const auto countries = *join_countries(table, features, StandIns::squares, pool);
  ASSERT_EQ(countries.rows.size(), 251U);
  EXPECT_EQ(shared_tiles(countries, cover_all(countries)), (Shared{{"AN CW", 558},
                                                                   {"BQ NL", 319},
                                                                   {"BV NO", 109},
                                                                   {"CS RS", 3600},
                                                                   {"FR GF", 3600},
                                                                   {"FR GP", 1622},
                                                                   {"FR MQ", 1324},
                                                                   {"FR RE", 2976},
                                                                   {"FR YT", 475},
                                                                   {"IT VA", 1},
                                                                   {"NO SJ", 2017},
                                                                   {"NZ TK", 2}}));
}

constexpr std::array<geo::Point, 5> kUnitBox = {{{0, 0}, {0, 1}, {1, 1}, {1, 0}, {0, 0}}};
geo::Polygon box_of(double west, double south, double size) {
  geo::Polygon out;
  for (const auto& corner : kUnitBox) out.exterior.push_back({west + size * corner.lon, south + size * corner.lat});
  return out;
}

class Parts : public testing::Test {
 protected:
  static void SetUpTestSuite() { table_ = *parse_country_info(*Pack::open({})->read(kCountryInfoFile), false); }
  static int number_of(const char* code) {
    return std::ranges::find(table_, *Iso::parse(code), &CountryInfo::iso)->numeric;
  }
  static inline std::vector<CountryInfo> table_;
};

TEST_F(Parts, AreCutFromAFeatureOfAnyName) {
  std::vector<Feature> features = {
      {number_of("FR"), "République", {box_of(0, 45, 4), box_of(55.3, -21.2, 0.4), box_of(55.2, 20, 0.4)}}};
  EXPECT_EQ(split_overseas(table_, features), (std::map<std::string, std::string>{{"RE", "République"}}));
  ASSERT_EQ(features.size(), 2U);
  EXPECT_EQ(features[0].polygons.size(), 2U);
  EXPECT_EQ(features[1].id, number_of("RE"));
}

TEST_F(Parts, ACodeThatIsDrawnApartGetsNoMore) {
  std::vector<Feature> features = {{number_of("FR"), "France", {box_of(0, 45, 4), box_of(55.3, -21.2, 0.4)}},
                                   {number_of("RE"), "La Réunion", {box_of(55.3, -21.2, 0.3)}}};
  EXPECT_TRUE(split_overseas(table_, features).empty());
  EXPECT_EQ(features[0].polygons.size(), 2U);
}

TEST_F(Parts, AnotherCountryInTheBoxStays) {
  std::vector<Feature> features = {{number_of("DM"), "Dominica", {box_of(-61.4, 15.9, 0.2)}}};
  EXPECT_TRUE(split_overseas(table_, features).empty());
  EXPECT_EQ(features.size(), 1U);
}

TEST_F(Parts, CrimeaIsTheUsersToGive) {
  std::vector<Feature> features = {{number_of("RU"), "Russia", {box_of(40, 55, 9), box_of(33, 45, 1)}}};
  split_overseas(table_, features);
  ASSERT_EQ(features.size(), 2U);
  auto plain = features;
  give_territories(plain_territories(), table_, plain);
  EXPECT_EQ(plain[1].id, number_of("RU"));
  give_territories({{"Crimea", Iso::parse("UA")}}, table_, features);
  EXPECT_EQ(features[1].id, number_of("UA"));
}

TEST(Subtract, LeavesAHoleOrWhatWasThere) {
  const geo::MultiPolygon land = {box_of(0, 0, 4)};
  const auto holed = subtract(land, {box_of(1, 1, 1)});
  ASSERT_TRUE(holed);
  EXPECT_EQ(holed->at(0).holes.size(), 1U);
  EXPECT_EQ(planar_area(*holed), 15);
  const auto beside = subtract(land, {box_of(4, 0, 4)});
  ASSERT_TRUE(beside);
  EXPECT_EQ(beside->at(0).exterior, land[0].exterior) << "a common edge is no common ground";
}

TEST(Territories, AreReadByNameAndRefusedByLine) {
  const auto pack = Pack::open({});
  const auto table = *parse_country_info(*pack->read(kCountryInfoFile), false);
  const auto read = parse_territories("Somaliland: SO\nKosovo: none\nSvalbard: NO\n", table);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->countries.at("Somaliland")->text(), "SO");
  EXPECT_FALSE(read->countries.at("Kosovo"));
  EXPECT_EQ(read->countries.at("Svalbard")->text(), "NO");

  const auto no_code = parse_territories("Somaliland: SO\nKosovo: XK\n", table);
  ASSERT_FALSE(no_code);
  EXPECT_EQ(no_code.error().code(), "REF_VEC_TERRITORY");
  EXPECT_NE(no_code.error().message().find("line 2: Kosovo: XK"), std::string::npos) << no_code.error().message();
  for (const char* text : {"- SO\n", "Kosovo: [RS\n", "Kosovo: 3\n", "Kosovo:\n"})
    EXPECT_EQ(parse_territories(text, table).error().code(), "REF_VEC_TERRITORY") << text;

  EXPECT_TRUE(check_names(*read, {"Kosovo", "Somaliland", "Svalbard"}));
  const auto unknown = check_names(*read, {"Kosovo"});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code(), "REF_VEC_TERRITORY");
  EXPECT_NE(unknown.error().message().find("line 1: Somaliland: is not"), std::string::npos)
      << unknown.error().message();

  const auto quoted = parse_territories("# Kosovo: none\n\n'Kosovo': XK\n", table);
  ASSERT_FALSE(quoted);
  EXPECT_NE(quoted.error().message().find("line 3: Kosovo: XK"), std::string::npos) << quoted.error().message();
  const auto twice = parse_territories("Kosovo: RS\nSomaliland: SO\nKosovo: AL # no\n", table);
  ASSERT_FALSE(twice);
  EXPECT_NE(twice.error().message().find("line 3: Kosovo: stands in line 1"), std::string::npos)
      << twice.error().message();
}

}  // namespace
}  // namespace placewright::world
