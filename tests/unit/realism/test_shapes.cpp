#include <gtest/gtest.h>

#include <cmath>

#include "realism/attainability.hpp"
#include "realism/ground.hpp"
#include "realism/sentinel.hpp"
#include "realism/svg.hpp"

namespace placewright::realism {
namespace {

Frame square(double west, double south, double width, double height, const char* country) {
  Frame frame;
  for (int i = 0; i < 100; ++i) {
    double lon = west + width * (i % 10 + 0.013 * i) / 10;
    frame.lon.push_back(lon > 180 ? lon - 360 : lon);
    frame.lat.push_back(south + height * (i / 10 + 0.0071 * (i % 10)) / 10);
    frame.merchant.push_back(1);
    frame.country.push_back(*Iso::parse(country));
  }
  return frame;
}

TEST(Sentinel, ASquareAcrossTheAntimeridianIsNoStripe) {
  const auto frame = square(179, -17, 2, 2, "FJ");
  EXPECT_TRUE(legacy_sentinel(frame, by_count(frame)).front().flagged);
  const auto row = sentinel(frame, {}).front();
  EXPECT_LT(row.shape.anisotropy, 2);
  EXPECT_FALSE(row.flagged);
}

TEST(Sentinel, DegreesShrinkTowardsThePole) {
  const auto row = sentinel(square(10, 59, 2, 1, "NO"), {}).front();
  EXPECT_NEAR(row.shape.anisotropy, 1, 0.2);
}

TEST(Sentinel, AStripeIsFlaggedUnlessTheLandIsOne) {
  const auto frame = square(10, 50, 5, 0.1, "DE");
  EXPECT_TRUE(sentinel(frame, {}).front().flagged);
  const auto de = *Iso::parse("DE");
  EXPECT_FALSE(sentinel(frame, {{de, {{40, 1}, 0, 0}}}).front().flagged);
}

TEST(Sentinel, AMicrostateIsJudgedByWhatItsTilesCanGive) {
  const auto row = sentinel(square(7, 43, 1, 1, "MC"), {{*Iso::parse("MC"), {{1, 0.5}, 10, 667}}}).front();
  EXPECT_DOUBLE_EQ(row.lat_ceiling, 0.1);
  EXPECT_DOUBLE_EQ(row.lat_limit, 0.05);
  EXPECT_TRUE(row.unreachable);
}

TEST(LongitudeSpan, IsTheShortestArc) {
  const auto [west, width] = longitude_span(std::vector<double>{-179, 178, 179.5});
  EXPECT_DOUBLE_EQ(west, 178);
  EXPECT_DOUBLE_EQ(width, 3);
}

TEST(ChiSquareTail, IsNearTheTables) {
  EXPECT_NEAR(chi_square_tail(18.307, 10), 0.05, 1e-3);
  EXPECT_NEAR(chi_square_tail(124.342, 100), 0.05, 1e-3);
}

TEST(Attainability, ACatalogueDecidesAllButTheNeighbourTail) {
  CatalogueFacts facts;
  facts.countries_with_tiles = 10;
  for (const char* iso : {"DE", "FR", "ZA", "BR"}) facts.outlets[*Iso::parse(iso)] = 25;
  facts.outlets[*Iso::parse("MC")] = 1000;
  facts.denylist = {*Iso::parse("MC")};
  const auto gates = attainability(facts);
  EXPECT_EQ(gates[0].b_plus, Standing::inherited_pass);
  EXPECT_DOUBLE_EQ(gates[0].low, 0);
  EXPECT_EQ(gates[4].b, Standing::inherited_fail);
  EXPECT_DOUBLE_EQ(gates[4].low, 4.0 / 9);
  EXPECT_DOUBLE_EQ(gates[5].low, 0.25);
  EXPECT_DOUBLE_EQ(gates[5].high, 0.5);
  EXPECT_EQ(gates[5].b, Standing::inherited_pass);
  EXPECT_EQ(gates[6].b, Standing::placement);
}

TEST(Attainability, KnowsTheHemispheres) {
  EXPECT_EQ(side_of(*Iso::parse("DE")), Side::north);
  EXPECT_EQ(side_of(*Iso::parse("ZW")), Side::south);
  EXPECT_EQ(side_of(*Iso::parse("UM")), Side::both);
}

}  // namespace
}  // namespace placewright::realism
