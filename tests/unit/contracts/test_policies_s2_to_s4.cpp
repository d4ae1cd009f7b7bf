#include <gtest/gtest.h>

#include "contracts/policy_s2.hpp"
#include "contracts/policy_s3.hpp"
#include "contracts/policy_s4.hpp"

namespace placewright::contracts {
namespace {

Json blend_policy() {
  return {{"policy_version", "v"},
          {"basis", "area_m2"},
          {"dp", 6},
          {"blend_v2",
           {{"enabled", true},
            {"basis_mix", {{"uniform", 0.42}, {"area_m2", 0.58}, {"population", 0.0}}},
            {"region_floor_share",
             {{"Africa", 0.07}, {"Asia", 0.17}, {"Europe", 0.15}, {"North America", 0.02}, {"South America", 0.08}, {"Oceania", 0.04}, {"Other", 0.0}}},
            {"country_cap_share_soft", 0.055},
            {"country_cap_share_hard", 0.08},
            {"topk_cap_targets", {{"top1", 0.11}, {"top5", 0.32}, {"top10", 0.48}}},
            {"concentration_penalty_strength", 0.22},
            {"deterministic_seed_namespace", "1B.S2.BLEND_V2"},
            {"max_rebalance_iterations", 24},
            {"convergence_tolerance", 1e-9}}}};
}

std::string fault_s2(const Json& policy) {
  const auto result = read_policy_s2(policy, "p");
  if (result) return "none";
  return result.error().code() + (result.error().facts().empty() ? "" : " " + result.error().facts()[0].second);
}

TEST(PolicyS2, ReadsTheShippedBlend) {
  const auto policy = read_policy_s2(blend_policy(), "p");
  ASSERT_TRUE(policy) << policy.error().message();
  EXPECT_EQ(policy->units(), 1'000'000);
  EXPECT_TRUE(policy->needs_area());
  EXPECT_FALSE(policy->needs_population());
  EXPECT_EQ(policy->blend.floors[4], 0.08);
}

TEST(PolicyS2, EchoesLegacyNumbersWithoutABlend) {
  const auto policy = read_policy_s2({{"policy_version", "v"}, {"basis", "population"}, {"dp", 5}}, "p");
  ASSERT_TRUE(policy);
  EXPECT_EQ(policy->fallback_mode, "legacy_basis_only");
  EXPECT_EQ(policy->blend.seed_namespace, "1B.S2.LEGACY");
  EXPECT_TRUE(policy->needs_population());
}

TEST(PolicyS2, RefusesUnknownAndMissingKeysAtEveryLevel) {
  auto policy = blend_policy();
  policy["blend_v2"]["basis_mix"]["night_light"] = 0.1;
  EXPECT_EQ(fault_s2(policy), "PW_POLICY");
  policy = blend_policy();
  policy["blend_v2"].erase("convergence_tolerance");
  EXPECT_EQ(fault_s2(policy), "PW_POLICY");
  policy = blend_policy();
  policy["basis"] = "people";
  EXPECT_EQ(fault_s2(policy), "PW_POLICY");
}

TEST(PolicyS2, WantsAnIntegerDpThatFitsAWeight) {
  auto policy = blend_policy();
  policy["dp"] = 6.0;
  EXPECT_EQ(fault_s2(policy), "E105_NORMALIZATION \"invalid_dp\"");
  policy["dp"] = 19;
  EXPECT_EQ(fault_s2(policy), "E105_NORMALIZATION \"invalid_dp\"");
  // 2^63 equals the greatest integer as a double; once it came out as a negative number.
  for (const Json& beyond : {Json(std::uint64_t{1} << 63), Json(9223372036854775808.0)}) {
    policy["dp"] = beyond;
    EXPECT_EQ(fault_s2(policy), "PW_POLICY");
  }
  policy["dp"] = -1;
  EXPECT_EQ(fault_s2(policy), "PW_POLICY");
}

TEST(PolicyS2, ChecksTheBlendOnlyWhileItIsEnabled) {
  auto policy = blend_policy();
  auto& mix = policy["blend_v2"]["basis_mix"];
  mix["uniform"] = 0.42001;
  EXPECT_EQ(fault_s2(policy), "none") << "within the reference's tolerance of 1.0001e-5";
  mix["uniform"] = 0.42002;
  EXPECT_EQ(fault_s2(policy), "E105_NORMALIZATION \"basis_mix_sum_not_one\"");
  policy["blend_v2"]["enabled"] = false;
  EXPECT_EQ(fault_s2(policy), "none");
}

TEST(PolicyS2, NamesTheNumbersThatContradictEachOther) {
  auto policy = blend_policy();
  policy["blend_v2"]["basis_mix"] = {{"uniform", 0}, {"area_m2", 0}, {"population", 0}};
  EXPECT_EQ(fault_s2(policy), "E105_NORMALIZATION \"basis_mix_sum_non_positive\"");
  policy = blend_policy();
  policy["blend_v2"]["country_cap_share_soft"] = 0.09;
  EXPECT_EQ(fault_s2(policy), "E105_NORMALIZATION \"country_soft_cap_exceeds_hard_cap\"");
  policy = blend_policy();
  policy["blend_v2"]["region_floor_share"]["Other"] = 0.9;
  EXPECT_EQ(fault_s2(policy), "E105_NORMALIZATION \"region_floor_sum_gt_one\"");
  policy = blend_policy();
  policy["blend_v2"]["topk_cap_targets"]["top5"] = 0.6;
  EXPECT_EQ(fault_s2(policy), "E105_NORMALIZATION \"topk_caps_not_monotonic\"");
}

TEST(PolicyS3, SortsTheDenylist) {
  const auto policy = read_policy_s3({{"policy_version", "v"}, {"enabled", true}, {"denylist_country_iso", {"MC", "BM"}}}, "p");
  ASSERT_TRUE(policy);
  ASSERT_EQ(policy->denylist.size(), 2U);
  EXPECT_EQ(policy->denylist[0].text(), "BM");
}

TEST(PolicyS3, RefusesDuplicatesCodesOfOtherShapesAndTheNorwayTrap) {
  const auto read = [](const Json& list) { return static_cast<bool>(read_policy_s3({{"policy_version", "v"}, {"enabled", true}, {"denylist_country_iso", list}}, "p")); };
  EXPECT_TRUE(read(Json::array()));
  EXPECT_FALSE(read({"MC", "MC"}));
  EXPECT_FALSE(read({"mc"}));
  EXPECT_FALSE(read(Json::array({false})));
}

Json shipped_s4() {
  return {{"policy_version", "2026-02-13-r3"},
          {"enabled", true},
          {"country_share_soft_guard", 0.2},
          {"country_share_hard_guard", 0.45},
          {"reroute", {{"enabled", true}, {"mode", "next_eligible"}, {"max_moves_per_pair", 2048}}},
          {"residual_redistribution", {{"enabled", true}, {"min_active_tile_fraction", 0.35}, {"max_steps_per_pair", 1024}}},
          {"support_diversification", {{"enabled", true}, {"apply_n_sites_max", 24}, {"candidate_window_fraction", 0.35}, {"candidate_window_min", 24}}},
          {"deterministic_seed_namespace", "1B.S4.ANTI_COLLAPSE_V1"}};
}

TEST(PolicyS4, EchoesWhatItReads) {
  const auto policy = read_policy_s4(shipped_s4(), "p");
  ASSERT_TRUE(policy) << policy.error().message();
  EXPECT_EQ(echo(*policy), shipped_s4());
}

TEST(PolicyS4, TurnsDiversificationOffWhenTheBlockIsAbsent) {
  auto json = shipped_s4();
  json.erase("support_diversification");
  const auto policy = read_policy_s4(json, "p");
  ASSERT_TRUE(policy);
  EXPECT_FALSE(policy->diversification.enabled);
  EXPECT_EQ(policy->diversification.apply_n_sites_max, 0);
}

TEST(PolicyS4, RefusesValuesOutsideTheirRanges) {
  for (const auto& [key, value] : std::vector<std::pair<std::string, Json>>{{"country_share_soft_guard", 0.0}, {"country_share_hard_guard", 1.1}, {"deterministic_seed_namespace", ""}}) {
    auto json = shipped_s4();
    json[key] = value;
    EXPECT_FALSE(read_policy_s4(json, "p")) << key;
  }
  auto json = shipped_s4();
  json["reroute"]["mode"] = "nearest";
  EXPECT_FALSE(read_policy_s4(json, "p"));
}

}  // namespace
}  // namespace placewright::contracts
