#include "states/s2_weights/shares.hpp"

#include <gtest/gtest.h>

namespace placewright::states::s2_weights {
namespace {

const std::vector<double> kBase = {.70, .20, .07, .03};
const std::vector<std::string_view> kRegions = {"Europe", "Asia", "Africa", "Africa"};

contracts::Blend blend(std::int64_t iterations) {
  contracts::Blend out;
  out.enabled = true;
  out.floors[0] = .20;  // Africa
  out.cap_hard = .5;
  out.cap_soft = .4;
  out.top1 = .45;
  out.top5 = .60;
  out.top10 = .80;
  out.penalty = .1;
  out.max_iterations = iterations;
  return out;
}

TEST(Rebalance, ReproducesTheFirstIterationOfTheExample) {
  const auto balance = rebalance(kBase, kRegions, blend(1));
  EXPECT_DOUBLE_EQ(balance.shares[0], 0.43000000000000005);
  EXPECT_DOUBLE_EQ(balance.shares[1], 0.2337027027027027);
  EXPECT_DOUBLE_EQ(balance.shares[2], 0.20186216216216216);
  EXPECT_DOUBLE_EQ(balance.shares[3], 0.13443513513513514);
  EXPECT_DOUBLE_EQ(balance.max_abs_delta, 0.2699999999999999);
  EXPECT_FALSE(balance.converged);
}

TEST(Rebalance, ReproducesTheLastIterationOfTheExample) {
  const auto balance = rebalance(kBase, kRegions, blend(24));
  EXPECT_EQ(balance.iterations, 24);
  EXPECT_NEAR(balance.shares[0], 0.2659532886, 1e-9);
  EXPECT_NEAR(balance.shares[1], 0.2485555806, 1e-9);
  EXPECT_NEAR(balance.shares[2], 0.2457335732, 1e-9);
  EXPECT_NEAR(balance.shares[3], 0.2397575575, 1e-9);
  EXPECT_NEAR(balance.max_abs_delta, 0.0017725876, 1e-9);
}

TEST(Rebalance, OnlyNormalisesWhenTheBlendIsOff) {
  const auto balance = rebalance({2, 6}, kRegions, {});
  EXPECT_EQ(balance.shares, (std::vector<double>{.25, .75}));
  EXPECT_EQ(balance.iterations, 0);
  EXPECT_TRUE(balance.converged);
}

TEST(Rebalance, KeepsASingleCountryWhole) {
  const auto balance = rebalance({5}, std::vector<std::string_view>{"Asia"}, blend(3));
  ASSERT_EQ(balance.shares.size(), 1U);
  EXPECT_EQ(balance.shares[0], 1.0);
}

TEST(Gini, IsZeroForEqualSharesAndForNothing) {
  EXPECT_EQ(gini({}), 0.0);
  EXPECT_EQ(gini({0, 0}), 0.0);
  EXPECT_NEAR(gini({3, 3, 3}), 0.0, 1e-15);
  EXPECT_NEAR(gini({0, 0, 0, 8}), 0.75, 1e-15);
}

TEST(TopFractionShare, TakesAtLeastOneCountry) {
  EXPECT_EQ(top_fraction_share({1, 2, 5}, 0.01), 5.0 / 8);
  EXPECT_EQ(top_fraction_share({1, 2, 5}, 0.5), 7.0 / 8);
}

}  // namespace
}  // namespace placewright::states::s2_weights
