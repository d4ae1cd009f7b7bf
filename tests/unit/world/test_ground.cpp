#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "geo/contains.hpp"
#include "geo/coverage.hpp"
#include "world/countries.hpp"
#include "world/overseas.hpp"
#include "world/pack.hpp"
#include "world/territories.hpp"

namespace placewright::world {
namespace {

const geo::Grid kGrid{43200, 21600, 0x1.1111111111110p-7, 0, -180, 0, -0x1.1111111111110p-7, 90};  // 30 arc seconds

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
    countries_ = *join_countries(table_, features, true, pool);
    for (const auto& country : countries_.rows)
      tiles_.push_back(geo::cover(kGrid, country.polygons, geo::Predicate::center).tiles);
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
  EXPECT_EQ(countries_.squares, std::vector<std::string>{"VA"});
  EXPECT_TRUE(holds("VA", 12.4533, 41.9022));
  EXPECT_FALSE(holds("IT", 12.4533, 41.9022));
  EXPECT_TRUE(holds("IT", 12.48, 41.89));
}

// A centre in two polygons is a tile of both countries.
TEST_F(Ground, NoTileHasTwoCountries) {
  std::vector<std::tuple<TileId, TileId, std::size_t>> spans;  // first, end, country
  for (std::size_t i = 0; i < tiles_.size(); ++i)
    for (const auto& span : tiles_[i].spans()) spans.emplace_back(span.first, span.first + span.length, i);
  std::ranges::sort(spans);
  std::map<std::string, std::uint64_t> shared;
  TileId end = 0;
  std::size_t owner = 0;
  for (const auto& [first, last, country] : spans) {
    if (first < end) {
      shared[countries_.rows[owner].iso.text() + " " + countries_.rows[country].iso.text()] +=
          std::min(end, last) - first;
    }
    if (last > end) {
      end = last;
      owner = country;
    }
  }
  EXPECT_EQ(shared, (std::map<std::string, std::uint64_t>{}));
}

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

TEST(Territories, AreReadByNameAndRefusedByLine) {
  const auto pack = Pack::open({});
  const auto table = *parse_country_info(*pack->read(kCountryInfoFile), false);
  const auto read = parse_territories("Somaliland: SO\nKosovo: none\nSvalbard: NO\n", table);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->at("Somaliland")->text(), "SO");
  EXPECT_FALSE(read->at("Kosovo"));
  EXPECT_EQ(read->at("Svalbard")->text(), "NO");

  const auto no_code = parse_territories("Somaliland: SO\nKosovo: XK\n", table);
  ASSERT_FALSE(no_code);
  EXPECT_EQ(no_code.error().code(), "REF_VEC_TERRITORY");
  EXPECT_NE(no_code.error().message().find("line 2: Kosovo: XK"), std::string::npos) << no_code.error().message();
  for (const char* text : {"- SO\n", "Kosovo: [RS\n", "Kosovo: 3\n", "Kosovo:\n"})
    EXPECT_EQ(parse_territories(text, table).error().code(), "REF_VEC_TERRITORY") << text;

  EXPECT_TRUE(check_names(*read, {"Kosovo", "Somaliland", "Svalbard"}));
  EXPECT_EQ(check_names(*read, {"Kosovo"}).error().code(), "REF_VEC_TERRITORY");
}

}  // namespace
}  // namespace placewright::world
