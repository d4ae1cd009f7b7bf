#include "states/s3_requirements/demand.hpp"

#include <gtest/gtest.h>

namespace placewright::states::s3_requirements {
namespace {

Iso iso(const char* text) { return *Iso::parse(text); }

Countries countries() {
  return {{iso("BM"), iso("DE"), iso("FR"), iso("MC"), iso("VA")}, {iso("DE"), iso("FR")}, {iso("BM"), iso("MC"), iso("XX")}};
}

struct Outcome {
  std::vector<Wanted> wanted, dropped;
  Tally tally;
};

Result<Outcome> demand_of(const std::vector<Segment>& segments) {
  Demand demand(countries());
  for (const auto& segment : segments) PW_CHECK(demand.add(segment));
  PW_CHECK(demand.finish());
  return Outcome{demand.wanted(), demand.dropped(), demand.tally()};
}

std::string code_of(const std::vector<Segment>& segments) {
  const auto outcome = demand_of(segments);
  return outcome ? "none" : outcome.error().code();
}

TEST(Demand, ReproducesTheWorkedExample) {
  const auto out = demand_of({{1, iso("DE"), 1, 2}, {1, iso("MC"), 1, 1}, {2, iso("FR"), 1, 3}});
  ASSERT_TRUE(out);
  ASSERT_EQ(out->wanted.size(), 2U);
  EXPECT_EQ(out->wanted[0].sites, 2);
  EXPECT_EQ(out->wanted[1].merchant, 2U);
  EXPECT_EQ(out->wanted[1].sites, 3);
  EXPECT_EQ(out->tally.merchants, 2U);
  EXPECT_EQ(out->tally.countries.size(), 2U);
  EXPECT_EQ(out->tally.dropped_pairs, 1U);
  EXPECT_EQ(out->tally.dropped_sites, 1U);
  EXPECT_EQ(out->tally.source_rows, 6U);
  ASSERT_EQ(out->dropped.size(), 1U);
  EXPECT_EQ(out->dropped[0].country, iso("MC"));
}

TEST(Demand, ContinuesAPairAcrossSegments) {
  const auto out = demand_of({{7, iso("DE"), 1, 2}, {7, iso("DE"), 3, 4}, {7, iso("DE"), 7, 1}});
  ASSERT_TRUE(out);
  ASSERT_EQ(out->wanted.size(), 1U);
  EXPECT_EQ(out->wanted[0].sites, 7);
}

TEST(Demand, DemandsSiteOrdersFromOneWithoutAGap) {
  EXPECT_EQ(code_of({{7, iso("DE"), 2, 2}}), "E314_SITE_ORDER_INTEGRITY");
  EXPECT_EQ(code_of({{7, iso("DE"), 1, 2, true}}), "E314_SITE_ORDER_INTEGRITY");
  EXPECT_EQ(code_of({{7, iso("DE"), 1, 2}, {7, iso("DE"), 4, 2}}), "E314_SITE_ORDER_INTEGRITY");
}

TEST(Demand, DemandsPairsInAscendingOrder) {
  EXPECT_EQ(code_of({{7, iso("FR"), 1, 2}, {7, iso("DE"), 1, 1}}), "E310_UNSORTED");
  EXPECT_EQ(code_of({{7, iso("DE"), 1, 2}, {6, iso("DE"), 1, 1}}), "E310_UNSORTED");
  EXPECT_EQ(code_of({{7, iso("MC"), 1, 2}, {7, iso("DE"), 1, 1}}), "E310_UNSORTED") << "dropped pairs count for the order";
}

TEST(Demand, ComparesMerchantsAsUnsignedNumbers) {
  EXPECT_EQ(code_of({{0x7fffffffffffffffULL, iso("DE"), 1, 1}, {0x8000000000000000ULL, iso("DE"), 1, 1}}), "none");
}

TEST(Demand, RefusesCountriesThatAreUnknownOrHaveNoTiles) {
  EXPECT_EQ(code_of({{7, iso("ZZ"), 1, 2}}), "E302_ISO_FK");
  EXPECT_EQ(code_of({{7, iso("VA"), 1, 2}}), "E303_TILE_WEIGHT_COVERAGE");
}

TEST(Demand, ExemptsDeniedPairsFromBothChecks) {
  const auto out = demand_of({{7, iso("BM"), 1, 2}, {7, iso("XX"), 1, 5}});
  ASSERT_TRUE(out);
  EXPECT_EQ(out->tally.merchants, 0U) << "a merchant whose countries are all denied is not counted";
  EXPECT_EQ(out->tally.dropped_sites, 7U);
}

TEST(Demand, ReportsAPairBeforeTheOneThatFollowsIt) {
  EXPECT_EQ(code_of({{7, iso("VA"), 1, 2}, {8, iso("DE"), 5, 1}}), "E303_TILE_WEIGHT_COVERAGE");
}

}  // namespace
}  // namespace placewright::states::s3_requirements
