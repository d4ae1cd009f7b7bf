#include <gtest/gtest.h>

#include "small_country.hpp"
#include "states/s4_allocation/plan.hpp"

namespace placewright::states::s4_allocation {
namespace {

using Counts = std::vector<std::int64_t>;
const Iso kDe = *Iso::parse("DE");
constexpr auto kNamespace = "1B.S4.ANTI_COLLAPSE_V1";

TEST(RotationHash, EqualsTheVectors) {
  EXPECT_EQ(rotation_hash(kNamespace, 1, kDe), 17467041349025190653ULL);
  EXPECT_EQ(rotation_hash(kNamespace, 123456789, kDe), 13387129466372983914ULL);
  const auto ru = rotation_hash(kNamespace, 123456789, *Iso::parse("RU"));
  EXPECT_EQ(ru, 10626864242219013284ULL);
  EXPECT_EQ(ru % 14762119, 13963995U);
  const auto us = rotation_hash(kNamespace, 18446744073709551615ULL, *Iso::parse("US"));
  EXPECT_EQ(us, 490458088473392286ULL);
  EXPECT_EQ(us % 24, 6U);
}

struct Rotated {
  MerchantId merchant;
  std::uint64_t offset;
  Counts after_bumps, after_guard;
  std::int64_t moves;
};

TEST(Plan, ReproducesTheWorkedExampleOfFourTiles) {
  const auto country = small_country({400, 300, 200, 100}, 3, 100);
  const auto policy = shipped_policy();
  const Plan plan(country.weights, 7, 1000);
  EXPECT_EQ(plan.shortfall(), 2);
  ASSERT_EQ(plan.window(policy), 4U);
  const std::vector<Rotated> cases = {{42, 0, {3, 2, 1, 1}, {2, 2, 2, 1}, 2},
                                      {8, 1, {2, 2, 2, 1}, {2, 2, 2, 1}, 0},
                                      {7, 2, {2, 3, 2, 0}, {2, 2, 2, 1}, 2},
                                      {9, 3, {3, 3, 1, 0}, {2, 2, 2, 1}, 4}};
  for (const auto& c : cases) {
    EXPECT_EQ(rotation_hash(kNamespace, c.merchant, kDe) % 4, c.offset);
    EXPECT_EQ(dense(country.weights, plan.shares(c.offset, 4)), c.after_bumps);
    const auto allocation = allocate(country, plan, {c.merchant, kDe, 7}, policy);
    ASSERT_TRUE(allocation);
    EXPECT_EQ(dense(country.weights, allocation->shares), c.after_guard) << "merchant " << c.merchant;
    EXPECT_EQ(allocation->figures.moves.guard, c.moves);
  }
}

TEST(Plan, RanksTilesOfEqualResidueByTileWhateverTheirWeight) {
  const auto country = small_country({0, 433, 0, 100, 333, 134}, 3, 1);
  auto policy = shipped_policy();
  policy.diversification = {};
  const Plan plan(country.weights, 10, 1000);
  EXPECT_EQ(plan.shortfall(), 1);
  EXPECT_EQ(dense(country.weights, plan.shares(0, 0)), (Counts{0, 4, 0, 1, 3, 2}));
  // The whole ranking, one bump at a time: tiles 6 | 2, 5 | 1, 3, 4.
  const Counts ranking = {6, 2, 5, 1, 3, 4}, base = {0, 4, 0, 1, 3, 1};
  for (std::uint64_t offset = 0; offset < 6; ++offset) {
    auto want = base;
    ++want[static_cast<std::size_t>(ranking[offset] - 1)];
    EXPECT_EQ(dense(country.weights, plan.shares(offset, 6)), want) << offset;
  }
  const auto allocation = allocate(country, plan, {5, kDe, 10}, policy);
  ASSERT_TRUE(allocation);
  EXPECT_EQ(dense(country.weights, allocation->shares), (Counts{2, 2, 0, 2, 2, 2}));
  EXPECT_EQ(allocation->figures.moves.guard, 10);
}

TEST(Plan, DiversifiesNothingWithoutAShortfall) {
  const auto country = small_country({500, 500}, 3, 0);
  const Plan plan(country.weights, 4, 1000);
  EXPECT_EQ(plan.shortfall(), 0);
  EXPECT_EQ(plan.window(shipped_policy()), 0U);
  EXPECT_EQ(dense(country.weights, plan.shares(0, 0)), (Counts{2, 2}));
}

TEST(Plan, TakesTheFirstRanksAboveTheLimitOfDiversification) {
  const auto country = small_country(Counts(100, 10), 3, 0);
  const auto policy = shipped_policy();
  EXPECT_EQ(Plan(country.weights, 24, 1000).window(policy), 35U);
  EXPECT_EQ(Plan(country.weights, 25, 1000).window(policy), 0U);
}

TEST(Plan, RoundsAWindowUpAsBinary64Does) {
  auto policy = shipped_policy();
  policy.diversification.window_min = 1;
  const auto country = small_country(Counts(1000, 1), 3, 0);
  policy.diversification.window_fraction = 0.35 * 24 / 1000;  // 8.399999999999999
  EXPECT_EQ(Plan(country.weights, 3, 1000).window(policy), 9U);
}

TEST(Plan, MultipliesWithoutOverflowAtTheLargestDp) {
  const std::int64_t third = 333'333'333'333'333'333;
  const auto country = small_country({third + 1, third, third}, 18, 0);
  const Plan plan(country.weights, 999'999, country.units);
  EXPECT_EQ(dense(country.weights, plan.shares(0, 0)), (Counts{333'333, 333'333, 333'333}));
}

TEST(Allocate, RefusesWeightsThatSumToTooMuch) {
  const auto country = small_country({900, 900}, 3, 0);
  const Plan plan(country.weights, 10, 1000);
  const auto allocation = allocate(country, plan, {5, kDe, 10}, shipped_policy());
  ASSERT_FALSE(allocation);
  EXPECT_EQ(allocation.error().code(), "E404_ALLOCATION_MISMATCH");
}

}  // namespace
}  // namespace placewright::states::s4_allocation
