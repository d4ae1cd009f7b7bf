#include <gtest/gtest.h>

#include "lanes/records.hpp"
#include "store/files.hpp"
#include "support/scratch.hpp"

namespace placewright::lanes {
namespace {

// A P4 artefact with two failed gates.
Json p4(const char* status) {
  Json checks, metrics, limits;
  for (const char* name : {"country_gini", "top10_share", "top5_share", "top1_share"}) {
    checks[name] = true;
    metrics[name] = 0.1;
    limits[std::string(name) + "_max"] = 0.5;
  }
  for (const char* name : {"eligible_country_nonzero_share", "southern_hemisphere_share"}) {
    checks[name] = true;
    metrics[name] = 0.9;
    limits[std::string(name) + "_min"] = 0.85;
  }
  checks["nn_tail_contraction"] = false;
  limits["nn_improvement_min"] = 0.2;
  checks["top1_share"] = false;
  metrics["top1_share"] = 0.75;
  return {{"status", status},
          {"candidate", {{"run", {{"run_id", std::string(32, 'a')}}}, {"metrics", metrics}}},
          {"grade_checks", {{"B", checks}}},
          {"thresholds", {{"B", limits}}},
          {"nn_contraction_vs_p0_baseline", {{"improvement_fraction", -0.5}}}};
}

TEST(RedReopen, NamesTheGatesAndWhoCanMoveThem) {
  const Scratch root;
  ASSERT_TRUE(store::write_text(root / "p4.json", spaced(p4("RED_REOPEN_REQUIRED"))));
  const auto record = red_reopen(root.path(), (root / "p4.json").string());
  ASSERT_TRUE(record) << record.error().message();
  ASSERT_EQ((*record)["failing_gates"].size(), 2U);
  EXPECT_EQ((*record)["failing_gates"][0]["metric"], "top1_share");
  EXPECT_EQ((*record)["failing_gates"][0]["breach"], 0.25);
  EXPECT_EQ((*record)["failing_gates"][1]["metric"], "nn_tail_contraction");
  EXPECT_EQ((*record)["recommended_lanes"], (Json{"catalogue", "S4 to S9"}));
}

TEST(RedReopen, AskedOfARunThatIsNotRedIsRefused) {
  const Scratch root;
  ASSERT_TRUE(store::write_text(root / "p4.json", spaced(p4("AMBER_NEAR_BPLUS"))));
  const auto record = red_reopen(root.path(), (root / "p4.json").string());
  ASSERT_FALSE(record);
  EXPECT_EQ(record.error().code(), "LANE_RECORD");
}

}  // namespace
}  // namespace placewright::lanes
