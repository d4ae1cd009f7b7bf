#include <gtest/gtest.h>

#include "world/user_polygons.hpp"

namespace placewright::world {
namespace {

const geo::MultiPolygon kSquare = {{{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}, {}}};

std::vector<CountryInfo> two_countries() {
  std::vector<CountryInfo> table(2);
  table[0].iso = *Iso::parse("DE");
  table[0].alpha3 = "DEU";
  table[0].numeric = 276;
  table[0].name = "Germany";
  table[1].iso = *Iso::parse("NA");
  table[1].alpha3 = "NAM";
  table[1].numeric = 516;
  table[1].name = "Namibia";
  return table;
}

geo_io::VectorTable table_of(std::vector<std::string> columns, const std::vector<std::vector<std::string>>& rows) {
  geo_io::VectorTable out;
  out.columns = std::move(columns);
  for (const auto& row : rows) out.features.push_back({out.features.size() + 1, row, kSquare});
  return out;
}

TEST(UserPolygons, CodesAreKnownByTheirForm) {
  for (const char* code : {"DE", "de", " DEU ", "276"}) {
    const auto out = user_polygons(table_of({"iso2"}, {{code}}), two_countries(), {});
    ASSERT_TRUE(out) << code;
    EXPECT_EQ(out->features.at(0).id, 276) << code;
    EXPECT_EQ(out->features.at(0).name, "Germany") << "the table's name, where the file has none";
  }
  for (const char* code : {"", "-99", "27", "0276", "XK", "D"}) {
    const auto out = user_polygons(table_of({"iso2"}, {{code}}), two_countries(), {});
    ASSERT_FALSE(out) << code;
    EXPECT_EQ(out.error().code(), "REF_VEC_CODE") << code;
  }
}

TEST(UserPolygons, ColumnsAreTriedInTheirOrderWhateverTheFilesOrder) {
  const auto out =
      user_polygons(table_of({"ADM0_A3", "NAME", "ISO_A2", "id"}, {{"DEU", "x", "-99", "1"}, {"DEU", "y", "NA", "2"}}),
                    two_countries(), {});
  ASSERT_TRUE(out) << out.error().message();
  EXPECT_EQ(out->features.at(0).id, 276) << "ADM0_A3, since ISO_A2 holds none";
  EXPECT_EQ(out->features.at(1).id, 516) << "NA is Namibia";
  EXPECT_EQ(out->features.at(1).name, "y");
}

TEST(UserPolygons, ANamedColumnIsTheOnlyOneTried) {
  const auto table = table_of({"ISO_A2", "land"}, {{"DE", "NA"}});
  const auto out = user_polygons(table, two_countries(), {"land", false});
  ASSERT_TRUE(out);
  EXPECT_EQ(out->features.at(0).id, 516);
  const auto absent = user_polygons(table, two_countries(), {"Land", false});
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code(), "REF_VEC_COLUMNS");
}

TEST(UserPolygons, UnusableFeaturesAreLeftOutWhenAskedTo) {
  auto table = table_of({"ISO_A2", "NAME"}, {{"DE", "a"}, {"XK", "Kosovo"}, {"NA", "empty"}});
  table.features[2].polygons.clear();
  const auto out = user_polygons(table, two_countries(), {"", true});
  ASSERT_TRUE(out);
  EXPECT_EQ(out->left_out, (std::vector<std::string>{"feature 2: Kosovo", "feature 3: empty"}));
  EXPECT_EQ(out->countries.size(), 1U);
  table.features.erase(table.features.begin());
  const auto none = user_polygons(table, two_countries(), {"", true});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code(), "REF_VEC_EMPTY");
}

}  // namespace
}  // namespace placewright::world
