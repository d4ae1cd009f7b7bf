#include "datasets/events.hpp"
#include "small_run.hpp"
#include "states/s5_assignment/assignment.hpp"

namespace placewright::states::s5_assignment {
namespace {

std::string first_fault(SmallRun& small) {
  auto context = small.context(EventForm::jsonl);
  const auto done = run(context);
  EXPECT_FALSE(fs::exists(small.target("s5_site_tile_assignment")));
  EXPECT_FALSE(fs::exists(small.target("rng_event_site_tile_assign")));
  return done ? "none" : done.error().code();
}

TEST(S5, ReproducesTheWorkedExample) {
  SmallRun small;
  auto context = small.context(EventForm::jsonl);
  const auto done = run(context);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(done->rows, 3U);
  const auto rows = small.read("s5_site_tile_assignment", datasets::kAssignment);
  EXPECT_EQ(rows.u64(3), (std::vector<TileId>{21, 22, 21}));
  const auto events = file_lines(small.target("rng_event_site_tile_assign") / "part-00000.jsonl");
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(
      events[0],
      R"({"run_id":"0123456789abcdef0123456789abcdef","seed":42,"parameter_hash":"a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","manifest_fingerprint":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff","module":"1B.S5.assigner","substream_label":"site_tile_assign","draws":"1","blocks":1,"merchant_id":1968,"legal_country_iso":"QX","ts_utc":")" +
          store::logical_time() +
          R"(","rng_counter_before_lo":17643457471588674559,"rng_counter_before_hi":6241011505580914144,"rng_counter_after_lo":17643457471588674560,"rng_counter_after_hi":6241011505580914144,"site_order":1,"tile_id":21,"u":0.6895046553140589})");
  const auto trace = file_lines(small.target("rng_trace_log"));
  ASSERT_EQ(trace.size(), 3U);
  EXPECT_NE(trace[2].find(R"("draws_total":3,"blocks_total":3,"events_total":3})"), std::string::npos);
  const auto report = store::read_json(small.target("s5_run_report")).value();
  EXPECT_EQ(report["rows_emitted"], 3);
  EXPECT_EQ(report["pairs_total"], 1);
  EXPECT_EQ(report["pat"]["merchants_total"], 1);
  EXPECT_EQ(report["rng_events_emitted"], 3);
}

TEST(S5, RunAgainFindsTheSameBytes) {
  SmallRun small;
  for (const auto form : {EventForm::jsonl, EventForm::jsonl}) {
    auto context = small.context(form);
    ASSERT_TRUE(run(context));
  }
  EXPECT_EQ(file_lines(small.target("rng_audit_log")).size(), 1U);
  EXPECT_EQ(file_lines(small.target("rng_trace_log")).size(), 3U);
}

TEST(S5, BothTileFormsGiveTheSameRows) {
  SmallRun spans, rows(PublishForm::rows);
  auto one = spans.context(EventForm::parquet), other = rows.context(EventForm::parquet);
  ASSERT_TRUE(run(one));
  const auto done = run(other);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(spans.read("s5_site_tile_assignment", datasets::kAssignment).u64(3),
            rows.read("s5_site_tile_assignment", datasets::kAssignment).u64(3));
}

TEST(S5, APlanWithoutRowsGivesEmptyOutputs) {
  SmallRun small;
  fs::remove(small.target("s4_alloc_plan") / "part-00000.parquet");
  auto context = small.context(EventForm::jsonl);
  const auto done = run(context);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(done->rows, 0U);
  EXPECT_TRUE(fs::is_empty(small.target("s5_site_tile_assignment")));
  EXPECT_EQ(fs::file_size(small.target("rng_event_site_tile_assign") / "part-00000.jsonl"), 0U);
  EXPECT_EQ(fs::file_size(small.target("rng_trace_log")), 0U);
}

TEST(S5, RepeatedKeysAreTwoEntriesOfOneTile) {
  SmallRun small;
  small.plan({{1968, "QX", 21, 1}, {1968, "QX", 21, 1}, {1968, "QX", 22, 1}});
  auto context = small.context(EventForm::jsonl);
  ASSERT_TRUE(run(context));
  EXPECT_EQ(small.read("s5_site_tile_assignment", datasets::kAssignment).u64(3), (std::vector<TileId>{21, 22, 21}));
}

TEST(S5, TheFirstBadRowOfThePlanDecides) {
  SmallRun small;
  small.plan({{2, "QX", 21, 1}, {1, "QX", 22, 0}});
  EXPECT_EQ(first_fault(small), "E509_UNSORTED");
  small.plan({{2, "QX", 22, 1}, {2, "QX", 21, 1}});
  EXPECT_EQ(first_fault(small), "E509_UNSORTED");
  small.plan({{1, "AA", 21, 0}});
  EXPECT_EQ(first_fault(small), "E302_FK_COUNTRY");
  small.plan({{1, "qx", 21, 1}});
  EXPECT_EQ(first_fault(small), "E302_FK_COUNTRY");
  small.plan({{1, "QY", 21, 0}});
  EXPECT_EQ(first_fault(small), "E505_TILE_NOT_IN_INDEX");
  small.plan({{1, "QX", 23, 0}});
  EXPECT_EQ(first_fault(small), "E505_TILE_NOT_IN_INDEX");
  small.plan({{1, "QX", 21, 0}, {1, "QX", 20, 1}});
  EXPECT_EQ(first_fault(small), "E503_TILE_QUOTA_MISMATCH");
}

TEST(S5, AClosedGateStopsIt) {
  SmallRun small;
  fs::remove_all(small.target("s4_alloc_plan"));
  EXPECT_EQ(first_fault(small), "E501_NO_S4_ALLOC_PLAN");
  auto receipt = store::read_json(small.target("s0_gate_receipt_1B")).value();
  receipt["sealed_inputs"].erase(1);
  SmallRun::write_file(small.target("s0_gate_receipt_1B"), compact(receipt));
  EXPECT_EQ(first_fault(small), "E510_DISALLOWED_READ");
  receipt["manifest_fingerprint"] = std::string(64, 'f');
  SmallRun::write_file(small.target("s0_gate_receipt_1B"), compact(receipt));
  EXPECT_EQ(first_fault(small), "E508_TOKEN_MISMATCH");
  fs::remove(small.target("s0_gate_receipt_1B"));
  EXPECT_EQ(first_fault(small), "E301_NO_PASS_FLAG");
}

}  // namespace
}  // namespace placewright::states::s5_assignment
