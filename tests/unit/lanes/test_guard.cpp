#include <gtest/gtest.h>

#include "lanes/guard_metrics.hpp"

namespace placewright::lanes {
namespace {

// Three merchants worked out by hand: sizes 1, 2 and 4.
Upstream small() {
  Upstream run;
  run.hurdles = {{1, false}, {2, true}, {3, true}};
  run.counts = {{2, 2, 1.0}, {3, 4, 3.0}};
  run.outlets = {{2, "DE", "DE", "000001", 1}, {2, "DE", "FR", "000001", 1}, {3, "FR", "FR", "000001", 1},
                 {3, "FR", "FR", "000002", 2}, {3, "FR", "FR", "000003", 3}, {3, "FR", "FR", "000004", 4}};
  run.stratum = {1, 2, 3};
  run.candidates = {{1, true}, {2, true}, {2, false}, {3, false}, {3, false}};
  run.members = {3};
  run.parts.fill(1);
  return run;
}

TEST(Guard, FiguresOfThreeMerchants) {
  const auto m = guard_metrics(small(), 50, 1);
  ASSERT_TRUE(m);
  EXPECT_DOUBLE_EQ(m->single_site_share, 1.0 / 3);
  EXPECT_DOUBLE_EQ(m->median_outlets, 2);
  EXPECT_DOUBLE_EQ(m->top10_share, 4.0 / 7);  // ceil(0.3) = 1 merchant
  EXPECT_DOUBLE_EQ(m->gini, (-2.0 * 1 + 2 * 4) / 21);
  EXPECT_DOUBLE_EQ(m->all.rate(), 1.0 / 6);
  EXPECT_DOUBLE_EQ(m->spread, 0.5);
  EXPECT_DOUBLE_EQ(m->candidates_median, 1);
  EXPECT_DOUBLE_EQ(m->realization_median, 0);
  EXPECT_DOUBLE_EQ(m->phi_cv, 0.5);  // 1 and 3: mean 2, deviation 1
  EXPECT_DOUBLE_EQ(m->phi_ratio, 3);
  EXPECT_TRUE(m->identities_sound);
  EXPECT_TRUE(m->outputs_present);
}

TEST(Guard, TheBootstrapIsTheSameEveryTimeAndFollowsItsSeed) {
  const auto a = guard_metrics(small(), 50, 1), b = guard_metrics(small(), 50, 1);
  EXPECT_EQ(a->gradient_ci, b->gradient_ci);
}

TEST(Guard, AnOutletOfASingleSiteMerchantIsRefused) {
  auto run = small();
  run.outlets.push_back({1, "DE", "DE", "000001", 1});
  const auto m = guard_metrics(run, 0, 1);
  ASSERT_FALSE(m);
  EXPECT_EQ(m.error().code(), "LANE_GUARD_SURFACE");
  EXPECT_EQ(m.error().message(), "size_decile assignment missing for one or more outlet rows");
}

TEST(Guard, TwoCountsOfOneMerchantAreRefused) {
  auto run = small();
  run.counts.push_back({2, 3, 1.0});
  EXPECT_FALSE(guard_metrics(run, 0, 1));
}

TEST(Guard, GapsAndWrongIdsAreUnsound) {
  auto gap = small();
  gap.outlets[5].site_order = 5;
  gap.outlets[5].site_id = "000005";
  EXPECT_FALSE(guard_metrics(gap, 0, 1)->identities_sound);
  auto id = small();
  id.outlets[0].site_id = "1";
  EXPECT_FALSE(guard_metrics(id, 0, 1)->identities_sound);
}

TEST(Guard, NoCorrelationFailsItsBand) {
  auto run = small();
  run.members.clear();
  const auto m = guard_metrics(run, 0, 1);
  EXPECT_FALSE(m->correlation);
  for (const auto& check : band_checks(*m)) {
    if (check.metric != "candidate_membership_correlation") continue;
    EXPECT_TRUE(check.value.is_null());
    EXPECT_FALSE(check.b);
  }
}

TEST(Guard, WilsonOfATenth) {
  const auto [low, high] = wilson(10, 100);
  EXPECT_NEAR(low, 0.0552291, 1e-6);
  EXPECT_NEAR(high, 0.1743657, 1e-6);
}

}  // namespace
}  // namespace placewright::lanes
