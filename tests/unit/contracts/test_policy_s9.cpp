#include <gtest/gtest.h>

#include "contracts/policy_s9.hpp"

namespace placewright::contracts {
namespace {

Json policy() {
  return {{"policy_version", "placewright-fail-closed-1"}, {"require_grade", "B_plus"}, {"grade_of", "whole"}};
}

std::string fault(const Json& policy) {
  const auto result = read_policy_s9(policy, "p");
  return result ? "none" : result.error().code() + " " + result.error().message();
}

Json with(const char* key, const Json& value) {
  auto changed = policy();
  changed[key] = value;
  return changed;
}

TEST(PolicyS9, WithoutAFileNoGradeIsAskedFor) { EXPECT_FALSE(PolicyS9{}.asks()); }

TEST(PolicyS9, ReadsLevelAndGrade) {
  const auto read = read_policy_s9(policy(), "p");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_TRUE(read->asks());
  EXPECT_EQ(read->require_grade, "B_plus");
  EXPECT_EQ(read->grade_of, "whole");
  EXPECT_EQ(fault(with("notes", "why")), "none");
  EXPECT_FALSE(read_policy_s9(with("require_grade", "none"), "p").value().asks());
}

TEST(PolicyS9, NamesTheKeyAtFault) {
  for (const auto& [key, value] : {std::pair{"require_grade", Json("A")}, std::pair{"grade_of", Json("legacy")},
                                   std::pair{"policy_version", Json("2026")}, std::pair{"grade", Json("B")}}) {
    const auto text = fault(with(key, value));
    EXPECT_TRUE(text.starts_with("PW_POLICY p: ")) << text;
    EXPECT_NE(text.find(key), std::string::npos) << text;
  }
  auto lacking = policy();
  lacking.erase("grade_of");
  EXPECT_EQ(fault(lacking), "PW_POLICY p: grade_of is missing");
}

}  // namespace
}  // namespace placewright::contracts
