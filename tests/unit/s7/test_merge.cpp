#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "states/s7_synthesis/merge.hpp"

namespace placewright::states::s7_synthesis {
namespace {

Iso iso(const char* text) { return *Iso::parse(text); }

// One degree cells, 360 x 180, origin (-180, 90).
geo::Grid grid() {
  geo::Grid g;
  g.columns = 360;
  g.rows = 180;
  g.a = 1;
  g.c = -180;
  g.e = -1;
  g.f = 90;
  return g;
}

// GB owns tiles 100 to 109, FR 500 to 509.
Result<const geo::TileSet*> tiles_of(Iso country) {
  static const geo::TileSet kGb(std::vector<geo::Span>{{100, 10}});
  static const geo::TileSet kFr(std::vector<geo::Span>{{500, 10}});
  static const geo::TileSet kNone;
  return country == iso("GB") ? &kGb : country == iso("FR") ? &kFr : &kNone;
}

struct Row {
  MerchantId merchant;
  const char* country;
  std::int64_t order;
  TileId tile;
};
const std::vector<Row> kRows = {{7, "FR", 1, 500}, {7, "GB", 1, 100}, {7, "GB", 2, 105}, {9, "FR", 1, 509}};

SiteRows rows_of(const std::vector<Row>& rows) {
  SiteRows out;
  for (const auto& row : rows) {
    out.merchant.push_back(row.merchant);
    out.country.push_back(iso(row.country));
    out.order.push_back(row.order);
    out.tile.push_back(row.tile);
  }
  return out;
}

Block block(const std::vector<Row>& s5, const std::vector<Row>& s6, const std::vector<Row>& catalogue) {
  Block b{rows_of(s5), rows_of(s6), rows_of(catalogue)};
  b.s6.delta_lat.assign(s6.size(), 0.25);
  b.s6.delta_lon.assign(s6.size(), -0.25);
  b.s6.fingerprint_ok.assign(s6.size(), 1);
  b.catalogue.tile.clear();
  b.catalogue.fingerprint_ok.assign(catalogue.size(), 1);
  b.catalogue.seed_ok.assign(catalogue.size(), 1);
  return b;
}
Block good() { return block(kRows, kRows, kRows); }

bool is_good(const Block& b) { return place(b, grid(), tiles_of)->has_value(); }

// code and detail of the fault, "code detail".
std::string fault(const Block& b, std::optional<SiteKey> previous = std::nullopt) {
  EXPECT_FALSE(is_good(b) && !previous);
  const auto error = first_fault(b, previous, grid(), tiles_of);
  for (const auto& [name, text] : error.facts()) {
    if (name == "detail") return error.code() + " " + text.substr(1, text.size() - 2);
  }
  return error.code();
}

TEST(Merge, AGoodBlockGivesCentrePlusDelta) {
  const auto placed = place(good(), grid(), tiles_of);
  ASSERT_TRUE(placed && *placed);
  const auto tile = geo::tile_bounds(grid(), 0, 100);
  EXPECT_EQ((*placed)->lon[1], tile.centroid_lon - 0.25);
  EXPECT_EQ((*placed)->lat[1], tile.centroid_lat + 0.25);
  const std::vector<std::pair<Iso, std::uint64_t>> countries = {{iso("FR"), 2}, {iso("GB"), 2}};
  EXPECT_EQ((*placed)->countries, countries);
}

TEST(Merge, EachFaultHasItsCodeAndDetail) {
  auto b = good();
  b.s6 = block({}, {kRows[0], kRows[2], kRows[3]}, {}).s6;
  EXPECT_EQ(fault(b), "E701_ROW_MISSING s6_missing_row");
  b = good();
  b.s6.order[1] = 0;
  EXPECT_EQ(fault(b), "E702_ROW_EXTRA s6_extra_row");
  b = good();
  b.s6.fingerprint_ok[2] = 0;
  EXPECT_EQ(fault(b), "E705_PARTITION_OR_IDENTITY s6_manifest_fingerprint_mismatch");
  b = good();
  b.s6.tile[2] = 106;
  EXPECT_EQ(fault(b), "E709_TILE_FK_VIOLATION s5_s6_tile_mismatch");
  b = good();
  b.catalogue.order[2] = 3;
  EXPECT_EQ(fault(b), "E708_1A_COVERAGE_FAIL outlet_missing_row");
  b = good();
  b.catalogue.merchant[0] = 6;
  EXPECT_EQ(fault(b), "E708_1A_COVERAGE_FAIL outlet_extra_row");
  b = good();
  b.catalogue = block({}, {}, {kRows[0], kRows[1], kRows[2]}).catalogue;
  EXPECT_EQ(fault(b), "E708_1A_COVERAGE_FAIL outlet_catalogue_missing_row");
  b = good();
  b.catalogue.fingerprint_ok[3] = 0;
  EXPECT_EQ(fault(b), "E705_PARTITION_OR_IDENTITY outlet_manifest_fingerprint_mismatch");
  b = good();
  b.catalogue.seed_ok[3] = 0;
  EXPECT_EQ(fault(b), "E705_PARTITION_OR_IDENTITY outlet_global_seed_mismatch");
  b = good();
  b.s6.delta_lat[1] = 0.75;
  EXPECT_EQ(fault(b), "E707_POINT_OUTSIDE_PIXEL point_outside_pixel");
  b = good();
  b.s6.delta_lon[1] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(fault(b), "E707_POINT_OUTSIDE_PIXEL point_outside_pixel");
}

TEST(Merge, DuplicatesAndDisorderAreFoundWhereTheReferenceFindsThem) {
  const std::vector<Row> doubled = {kRows[0], kRows[1], kRows[1], kRows[3]};
  const std::vector<Row> swapped = {kRows[0], kRows[2], kRows[1], kRows[3]};
  EXPECT_EQ(fault(block(doubled, kRows, kRows)), "E703_DUP_KEY s5_duplicate_key");
  EXPECT_EQ(fault(block(kRows, doubled, kRows)), "E703_DUP_KEY s6_duplicate_key");
  EXPECT_EQ(fault(block(kRows, kRows, doubled)), "E703_DUP_KEY outlet_duplicate_key");
  // S6 steps onto its next row before the catalogue does, and both before S5 is looked at.
  EXPECT_EQ(fault(block(doubled, doubled, doubled)), "E703_DUP_KEY s6_duplicate_key");
  EXPECT_EQ(fault(block(swapped, swapped, swapped)), "E706_WRITER_SORT_VIOLATION s6_unsorted");
}

TEST(Merge, OrderIsCheckedAgainstTheBlockBefore) {
  const auto b = good();
  EXPECT_EQ(fault(b, SiteKey{7, iso("FR"), 1}), "E703_DUP_KEY s6_duplicate_key");
  EXPECT_EQ(fault(b, SiteKey{8, iso("FR"), 1}), "E706_WRITER_SORT_VIOLATION s6_unsorted");
}

TEST(Merge, UnknownTilesAreReportedForTheWholeBlockBeforeItsRows) {
  auto b = good();
  b.s5.tile = b.s6.tile = {500, 111, 110, 999};
  b.s6.fingerprint_ok[0] = 0;
  const auto error = first_fault(b, std::nullopt, grid(), tiles_of);
  EXPECT_EQ(error.code(), "E709_TILE_FK_VIOLATION");
  std::map<std::string, std::string> facts(error.facts().begin(), error.facts().end());
  EXPECT_EQ(facts["legal_country_iso"], "\"FR\"");  // FR appears first
  EXPECT_EQ(facts["missing"], "[999]");
}

TEST(Merge, ABlockWithAPublicKeyOutOfRangeIsRefused) {
  auto rows = kRows;
  rows[3].order = 3'000'000'000;
  EXPECT_EQ(fault(block(rows, rows, rows)), "E704_SCHEMA_VIOLATION key_out_of_range");
}

TEST(Inside, FollowsTheWorkedCoordinates) {
  const geo::TileBounds paris{2.3499999999999943, 2.35833333333332,  48.858333333333334,
                              48.86666666666667,  2.354166666666657, 48.8625};
  const double lon = paris.centroid_lon + 0.0031, lat = paris.centroid_lat + -0.0027;
  EXPECT_EQ(lon, 0x1.2dbaea04a4618p+1);
  EXPECT_EQ(lat, 0x1.86e0ded288ce7p+5);
  EXPECT_TRUE(inside(paris, lon, lat));
  EXPECT_FALSE(inside(paris, paris.centroid_lon + 0.0042, lat));
  const geo::TileBounds london{-0.1, 0.1, 51.0, 51.55, 0, 51.275};
  EXPECT_TRUE(inside(london, 0, 51.5500000005));
  EXPECT_FALSE(inside(london, 0, 51.550000002));
}

TEST(Inside, ATileAcrossTheAntimeridianAcceptsBothSides) {
  const geo::TileBounds fiji{179.9917, -179.9917, -18, -17, 179.99583333333334, -17.5};
  const double lon = geo::wrap_longitude(fiji.centroid_lon + 0.008);
  EXPECT_EQ(lon, -179.99616666666665);
  EXPECT_TRUE(inside(fiji, lon, -17.5));
  EXPECT_TRUE(inside(fiji, 179.995, -17.5));
  EXPECT_FALSE(inside(fiji, 0, -17.5));
}

TEST(Inside, TheSumMayDifferInTheLastPlaceFromTheAcceptedPoint) {
  EXPECT_EQ(0x1.1111111110000p-8 + -0x1.b964c51f5547bp-9, 0x1.a2f5740b2ae14p-11);
}

}  // namespace
}  // namespace placewright::states::s7_synthesis
