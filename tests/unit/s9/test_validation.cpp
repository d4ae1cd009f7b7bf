#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "hash/sha256.hpp"
#include "states/s9_validation/validation.hpp"
#include "two_sites.hpp"

namespace placewright::states::s9_validation {
namespace {

using Records = std::vector<std::string>;

Records sorted(Records records) {
  std::ranges::sort(records);
  return records;
}

// The run as changed fails with exactly these records.
void expect_fail(TwoSites& sites, Records expected) {
  const auto outcome = sites.validate();
  EXPECT_FALSE(outcome.passed);
  EXPECT_EQ(sorted(outcome.records), sorted(std::move(expected)));
  EXPECT_EQ(sites.bundle("_passed.flag"), "");
  EXPECT_NE(sites.bundle("index.json").find("s9_failures.json"), std::string::npos);
}

TEST(Validation, TheUnchangedRunPasses) {
  TwoSites sites;
  const auto outcome = sites.validate();
  EXPECT_TRUE(outcome.passed);
  EXPECT_EQ(outcome.records, Records());
  // Digests of the parts that do not depend on Parquet bytes are the published ones.
  EXPECT_EQ(hash::sha256_hex(sites.bundle("rng_accounting.json")),
            "5e48001ac1e375849ca60d16be8809ea0b9d2f663006e460ae0bb61cd34cb15f");
  EXPECT_EQ(hash::sha256_hex(sites.bundle("s9_summary.json")),
            "0a9d0bb7df8c3e356af694c9ce61fc9f45a2c85751d35a31ffb920624e9cd4a1");
  EXPECT_EQ(hash::sha256_hex(sites.bundle("index.json")),
            "8e78fc3132c76ae603dbfbfa2dfc71e2271291c27b98ce9529fd93eb5f91d161");
  EXPECT_EQ(hash::sha256_hex(sites.bundle("manifest_fingerprint_resolved.json")),
            "7529bc3ca53fbc235ff83f49b950fbd0b3dbe41997f1bcb467228b75b2afd0a6");
  EXPECT_EQ(sites.bundle("_passed.flag").size(), 78U);
}

constexpr auto kAsksForB = "policy_version: placewright-1\nrequire_grade: B\ngrade_of: placement\n";

TEST(Validation, AGradeBelowTheLevelShutsTheGate) {
  for (const auto* grade : {"below_B", "ungraded"}) {
    TwoSites sites;
    sites.policy = kAsksForB;
    sites.grade = [grade](std::string_view of) -> Result<std::string> {
      EXPECT_EQ(of, "placement");
      return std::string(grade);
    };
    expect_fail(sites, {"E915 grade_below_level"});
    EXPECT_NE(sites.bundle("s9_summary.json").find(R"("reached":false)"), std::string::npos);
  }
}

TEST(Validation, ALevelReachedIsTold) {
  TwoSites sites;
  sites.policy = kAsksForB;
  sites.grade = [](std::string_view) -> Result<std::string> { return std::string("B_plus"); };
  EXPECT_TRUE(sites.validate().passed);
  EXPECT_NE(sites.bundle("s9_summary.json")
                .find(R"("grade":{"grade":"B_plus","of":"placement","reached":true,"required":"B"})"),
            std::string::npos);
  EXPECT_EQ(sites.bundle("_passed.flag").size(), 78U);
}

TEST(Validation, APolicyThatAsksForNoneGradesNothing) {
  TwoSites plain, none;
  none.policy = "policy_version: placewright-1\nrequire_grade: none\ngrade_of: whole\n";
  none.grade = [](std::string_view) -> Result<std::string> { return Error("PW_DEFECT", "asked all the same"); };
  EXPECT_TRUE(plain.validate().passed);
  EXPECT_TRUE(none.validate().passed);
  EXPECT_EQ(none.bundle("_passed.flag"), plain.bundle("_passed.flag"));
}

TEST(Validation, AGradeThatCannotBeHadStopsTheState) {
  TwoSites sites;
  sites.policy = kAsksForB;
  sites.grade = [](std::string_view) -> Result<std::string> { return Error("RS03_REPORT_MISSING", "gone"); };
  EXPECT_EQ(sites.validate().records, Records({"RS03_REPORT_MISSING gone"}));
  EXPECT_EQ(sites.bundle("index.json"), "");
}

TEST(Validation, ARepeatFindsItsBundle) {
  TwoSites sites;
  ASSERT_TRUE(sites.validate().passed);
  const auto flag = sites.bundle("_passed.flag");
  EXPECT_TRUE(sites.validate().passed);
  EXPECT_EQ(sites.bundle("_passed.flag"), flag);
}

TEST(Validation, AnOtherBundleIsNotReplaced) {
  TwoSites sites;
  ASSERT_TRUE(sites.validate().passed);
  sites.s8[1].lon = 10.0;
  const auto outcome = sites.validate();
  ASSERT_EQ(outcome.records.size(), 1U);
  EXPECT_TRUE(outcome.records[0].starts_with("E913_ATOMIC_PUBLISH_VIOLATION"));
}

TEST(Validation, ARepeatedEgressRowIsADuplicateAndExtra) {
  TwoSites sites;
  sites.s8.insert(sites.s8.begin(), sites.s8[0]);
  expect_fail(sites, {"E903 s8_duplicate_key", "E902 s8_extra_key"});
}

TEST(Validation, ARepeatedSynthesisRowBreaksItsOrderAndIsMissing) {
  TwoSites sites;
  sites.s7.insert(sites.s7.begin(), sites.s7[0]);
  expect_fail(sites, {"E906 s7_writer_sort_violation", "E901 s8_missing_key"});
}

TEST(Validation, SwappedEgressRowsAreUnsortedMissingAndExtra) {
  TwoSites sites;
  std::swap(sites.s8[0], sites.s8[1]);
  expect_fail(sites, {"E906 s8_writer_sort_violation", "E901 s8_missing_key", "E902 s8_extra_key"});
}

TEST(Validation, AMissingEgressRowIsFound) {
  TwoSites sites;
  sites.s8.pop_back();
  expect_fail(sites, {"E901 s8_missing_key"});
}

TEST(Validation, AJitterEventOfNoSiteFails) {
  TwoSites sites;
  sites.jitters.push_back(sites.jitter(99, 4000));
  sites.trace_events();
  expect_fail(sites, {"E907 s6_in_cell_jitter_coverage"});
}

TEST(Validation, AnAssignmentOfTwoBlocksBreaksItsSchema) {
  TwoSites sites;
  sites.assignments[0]["blocks"] = 2;
  sites.assignments[0]["draws"] = "2";
  sites.assignments[0]["rng_counter_after_lo"] = 1002;
  sites.assignments[1] = sites.assignment(2, 105, 1002);
  sites.trace_events();
  expect_fail(sites, {"E907 rng_event_schema_invalid", "E907 s5_site_tile_assign_coverage"});
}

TEST(Validation, MissingLogsAreFoundByAuditTraceAndCoverage) {
  {
    TwoSites sites;
    sites.audit_file = false;
    expect_fail(sites, {"E907 rng_audit_log_empty"});
  }
  {
    TwoSites sites;
    sites.trace_file = false;
    expect_fail(sites, {"E907 rng_trace_mismatch", "E907 rng_trace_mismatch"});
  }
  {
    TwoSites sites;
    sites.assignment_folder = TwoSites::Folder::empty;
    expect_fail(sites, {"E907 rng_event_site_tile_assign_missing", "E907 s5_site_tile_assign_coverage",
                        "E907 rng_trace_mismatch"});
  }
  {
    TwoSites sites;
    sites.assignment_folder = TwoSites::Folder::absent;
    expect_fail(sites, {"E907 s5_site_tile_assign_coverage", "E907 rng_trace_mismatch"});
  }
}

TEST(Validation, EventsOfAnotherRunCountForNothing) {
  TwoSites sites;
  for (auto& event : sites.assignments) event["run_id"] = std::string(32, 'b');
  sites.trace_events();
  expect_fail(sites, {"E907 rng_trace_run_id_mismatch", "E907 rng_event_run_id_mismatch",
                      "E907 s5_site_tile_assign_coverage", "E907 rng_trace_mismatch"});
}

// What the reference lets pass.
TEST(Validation, AnAuditOfAnotherSeedFails) {
  TwoSites sites;
  sites.audit[0]["seed"] = 43;
  expect_fail(sites, {"E907 rng_audit_identity_mismatch"});
}

TEST(Validation, EventsOfAnotherSeedAndFingerprintFail) {
  TwoSites sites;
  for (auto& event : sites.assignments) {
    event["seed"] = 43;
    event["manifest_fingerprint"] = std::string(64, 'a');
  }
  expect_fail(sites, {"E907 rng_event_identity_mismatch", "E907 rng_event_identity_mismatch"});
}

TEST(Validation, AnEventOfAnotherTileFails) {
  TwoSites sites;
  sites.assignments[1]["tile_id"] = 106;
  expect_fail(sites, {"E907 rng_event_tile_mismatch"});
}

TEST(Validation, AReusedCounterFails) {
  TwoSites sites;
  sites.assignments[1] = sites.assignment(2, 105, 1000);
  sites.trace_events();
  expect_fail(sites, {"E907 rng_counter_reuse"});
  TwoSites again;
  again.jitters[1] = again.jitter(1, 2000);
  again.trace_events();
  expect_fail(again, {"E907 rng_counter_reuse"});
}

TEST(Validation, AnExtraEgressColumnFails) {
  TwoSites sites;
  sites.extra_egress_column = true;
  expect_fail(sites, {"E904 column_set"});
}

TEST(Validation, ACoordinateThatIsNotFiniteFails) {
  TwoSites sites;
  sites.s8[0].lon = std::numeric_limits<double>::quiet_NaN();
  expect_fail(sites, {"E904 NaN is not a finite number", "E914 coordinates_differ_from_s7"});
}

TEST(Validation, AMovedCoordinateFails) {
  TwoSites sites;
  sites.s8[0].lon = 10.0;
  expect_fail(sites, {"E914 coordinates_differ_from_s7"});
}

TEST(Validation, AMalformedRecordIsRecordedAndNotFatal) {
  TwoSites sites;
  sites.jitters.push_back("{\"blocks\":1,");
  sites.trace.pop_back();
  const auto outcome = sites.validate();
  EXPECT_FALSE(outcome.passed);
  EXPECT_NE(std::ranges::find(outcome.records, "E907 rng_event_malformed"), outcome.records.end());
}

TEST(Validation, EventsInAnotherOrderAreCountedRight) {
  TwoSites sites;
  std::swap(sites.assignments[0], sites.assignments[1]);
  std::ranges::reverse(sites.jitters);
  std::swap(sites.jitters[1], sites.jitters[2]);
  sites.trace_events();
  const auto outcome = sites.validate();
  EXPECT_TRUE(outcome.passed) << (outcome.records.empty() ? "" : outcome.records[0]);
  EXPECT_EQ(hash::sha256_hex(sites.bundle("rng_accounting.json")),
            "5e48001ac1e375849ca60d16be8809ea0b9d2f663006e460ae0bb61cd34cb15f");
}

TEST(Validation, CoverageCountsMissingRepeatedAndUnknownEvents) {
  TwoSites sites;
  sites.assignments = {sites.assignment(1, 100, 1000), sites.assignment(1, 100, 1001), sites.assignment(9, 7, 1002)};
  sites.trace_events();
  const auto outcome = sites.validate();
  EXPECT_FALSE(outcome.passed);
  const auto family = Json::parse(sites.bundle("rng_accounting.json"))["families"][0];
  EXPECT_EQ(family["coverage"]["events_missing"], 1);
  EXPECT_EQ(family["coverage"]["events_extra"], 2);
  EXPECT_EQ(family["trace_totals"]["events_total"], 3);
  EXPECT_EQ(family["trace_reconciled"], true);
}

TEST(Validation, AtMostFiveSamplesOfACodeAreKept) {
  TwoSites sites;
  for (std::int64_t i = 10; i < 20; ++i) sites.jitters.push_back(sites.jitter(i, 4000));
  for (auto& event : sites.jitters) event["seed"] = 43;
  sites.trace_events();
  EXPECT_FALSE(sites.validate().passed);
  const auto failures = Json::parse(sites.bundle("s9_failures.json"));
  EXPECT_EQ(failures["decision"], "FAIL");
  EXPECT_EQ(failures["failures"][0]["samples"].size(), 5U);
  EXPECT_GT(failures["failures"][0]["count"], 5);
}

TEST(Validation, TheEnvelopeIsPlainArithmetic) {
  TwoSites sites;
  auto& wrapped = sites.jitters[2];
  for (const char* name : {"rng_counter_before_hi", "rng_counter_before_lo"}) wrapped[name] = 18446744073709551615U;
  for (const char* name : {"rng_counter_after_hi", "rng_counter_after_lo"}) wrapped[name] = 0;
  sites.trace_events();
  expect_fail(sites, {"E907 rng_envelope_violation", "E907 s6_in_cell_jitter_coverage"});
  TwoSites carried;
  carried.jitters[2]["rng_counter_before_lo"] = 18446744073709551615U;
  carried.jitters[2]["rng_counter_after_hi"] = 4;
  carried.jitters[2]["rng_counter_after_lo"] = 0;
  carried.trace_events();
  EXPECT_TRUE(carried.validate().passed);
}

}  // namespace
}  // namespace placewright::states::s9_validation
