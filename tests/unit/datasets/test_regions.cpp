#include "datasets/regions.hpp"

#include <gtest/gtest.h>

#include "contracts/embedded.hpp"

namespace placewright::datasets {
namespace {

Iso iso(const char* text) { return *Iso::parse(text); }

TEST(MacroRegion, MapsM49Names) {
  EXPECT_EQ(macro_region(" Europe ", "Western Europe"), "Europe");
  EXPECT_EQ(macro_region("Americas", "Northern America"), "North America");
  EXPECT_EQ(macro_region("Americas", "Latin America and the Caribbean"), "South America");
  EXPECT_EQ(macro_region("Americas", "South America"), "South America");
  EXPECT_EQ(macro_region("", "Caribbean"), "North America");
  EXPECT_EQ(macro_region("", "Latin America"), "South America");
  EXPECT_EQ(macro_region("", ""), "Other");
  EXPECT_EQ(macro_region("Synthetic", "Nowhere"), "Other");
}

TEST(MacroRegions, ReadQuotedFieldsAndCarriageReturns) {
  const auto regions = MacroRegions::parse("country_iso,name,region,subregion\r\nBQ,\"Bonaire, Saba\",Americas,Caribbean\r\nDE,Germany,Europe,Western Europe\r\n", "t");
  ASSERT_TRUE(regions);
  EXPECT_EQ(regions->of(iso("BQ")), "North America");
  EXPECT_EQ(regions->of(iso("DE")), "Europe");
  EXPECT_EQ(regions->of(iso("AN")), "Other");
}

TEST(MacroRegions, NameTheTableThatLacksAColumn) {
  const auto regions = MacroRegions::parse("country_iso,region\nDE,Europe\n", "regions.csv");
  ASSERT_FALSE(regions);
  EXPECT_EQ(regions.error().code(), "PW_INPUT");
  EXPECT_NE(regions.error().message().find("regions.csv"), std::string::npos);
}

TEST(MacroRegions, OfTheEmbeddedTableFollowTheReference) {
  const auto table = contracts::embedded("regions/iso_canonical_regions.csv");
  ASSERT_TRUE(table);
  const auto regions = MacroRegions::parse(*table, "embedded");
  ASSERT_TRUE(regions);
  EXPECT_EQ(regions->of(iso("RU")), "Europe");
  EXPECT_EQ(regions->of(iso("TR")), "Asia");
  EXPECT_EQ(regions->of(iso("MX")), "South America");
  for (const char* north : {"BM", "CA", "GL", "PM", "US"}) EXPECT_EQ(regions->of(iso(north)), "North America") << north;
  EXPECT_EQ(regions->of(iso("AQ")), "Other");
}

}  // namespace
}  // namespace placewright::datasets
