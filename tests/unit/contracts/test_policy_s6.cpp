#include <gtest/gtest.h>

#include "contracts/policy_s6.hpp"

namespace placewright::contracts {
namespace {

PolicyS6 mixture(double exponent, double weight, std::int64_t attempts) {
  PolicyS6 policy;
  policy.mode = "mixture_v2";
  policy.max_attempts = attempts;
  policy.sparse_tail = {weight, exponent, exponent, 1};
  policy.core_cluster.weight = 1 - weight;
  return policy;
}

// Incident: sparse_tail with exponent 0.30 and weight 0.90 stopped at an atoll.
TEST(PolicyS6, ALawThatCrowdsTheEdgesIsAdvisedAgainst) {
  EXPECT_NE(lint(mixture(0.30, 0.90, 64)).find("E613"), std::string::npos);
  EXPECT_EQ(lint(mixture(0.55, 0.70, 64)), "");  // as shipped
  EXPECT_EQ(lint(mixture(0.30, 0.50, 64)), "");
  EXPECT_EQ(lint(mixture(0.30, 0.90, 1'000'000)), "");
  PolicyS6 settled;
  settled.mode = "settled_v1";
  EXPECT_EQ(lint(settled), "");
}

TEST(PolicyS6, SettledHasItsAttemptsAndNothingElse) {
  const auto read = [](const char* text) { return read_policy_s6(*parse_json(text, "test"), "test"); };
  const auto good = read(R"({"policy_version": "placewright-1", "mode": "settled_v1", "max_attempts": 64})");
  ASSERT_TRUE(good);
  EXPECT_TRUE(good->settled());
  EXPECT_EQ(echo(*good), (Json{{"policy_version", "placewright-1"}, {"mode", "settled_v1"}, {"max_attempts", 64}}));
  // The reference's own files keep the reference's modes.
  EXPECT_FALSE(read(R"({"policy_version": "2026-02-13-r4", "mode": "settled_v1", "max_attempts": 64})"));
  EXPECT_FALSE(read(R"({"policy_version": "placewright-1", "mode": "settled_v1", "max_attempts": 0})"));
  EXPECT_FALSE(
      read(R"({"policy_version": "placewright-1", "mode": "settled_v1", "max_attempts": 64, "selection_blend": 0.5})"));
}

}  // namespace
}  // namespace placewright::contracts
