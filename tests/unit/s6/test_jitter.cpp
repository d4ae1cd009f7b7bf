#include "../s5/small_run.hpp"
#include "datasets/events.hpp"
#include "states/s5_assignment/assignment.hpp"
#include "states/s6_jitter/jitter.hpp"

namespace placewright::states::s6_jitter {
namespace {

const char* const kUniform = R"(policy_version: u
mode: uniform_v1
deterministic_seed_namespace: 1B.S6.JITTER_V1
max_attempts: 64
selection_blend: 0.5
component_weights: {core_cluster: 0, secondary_cluster: 0, sparse_tail: 1}
components:
  core_cluster: {lat_shape_exp: 1, lon_shape_exp: 1, max_abs_offset_fraction: 1}
  secondary_cluster: {lat_shape_exp: 1, lon_shape_exp: 1, max_abs_offset_fraction: 1}
  sparse_tail: {lat_shape_exp: 1, lon_shape_exp: 1, max_abs_offset_fraction: 1}
)";

void place(SmallRun& small, EventForm form) {
  auto context = small.context(form);
  const auto assigned = s5_assignment::run(context);
  ASSERT_TRUE(assigned) << assigned.error().message();
  const auto placed = run(context);
  ASSERT_TRUE(placed) << placed.error().message();
}

Error fault_of(SmallRun& small) {
  auto context = small.context(EventForm::jsonl);
  const auto done = run(context);
  EXPECT_FALSE(fs::exists(small.target("s6_site_jitter")));
  EXPECT_FALSE(fs::exists(small.target("rng_event_in_cell_jitter")));
  EXPECT_FALSE(fs::exists(small.target("rng_trace_log")));
  return done ? Error("none", "") : done.error();
}

TEST(S6, ReproducesTheWorkedExampleOfTheMixture) {
  SmallRun small;
  place(small, EventForm::jsonl);
  const auto rows = small.read("s6_site_jitter", datasets::kJitter);
  EXPECT_EQ(rows.f64(4), (std::vector<double>{-0.19685104386325492, -0.03253524565687371, 0.05463860759829231}));
  EXPECT_EQ(rows.f64(5), (std::vector<double>{-0.10792489579332454, -0.21534204234533227, 0.14752435645296913}));
  const auto events = file_lines(small.target("rng_event_in_cell_jitter") / "part-00000.jsonl");
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(
      events[0],
      R"({"blocks": 1, "delta_lat_deg": 0.16827129668401142, "delta_lon_deg": -0.17893715869129245, "draws": "2", "legal_country_iso": "QX", "manifest_fingerprint": "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", "merchant_id": 1968, "module": "1B.S6.jitter", "parameter_hash": "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1", "rng_counter_after_hi": 8656642396674341351, "rng_counter_after_lo": 12938147706683083217, "rng_counter_before_hi": 8656642396674341351, "rng_counter_before_lo": 12938147706683083216, "run_id": "0123456789abcdef0123456789abcdef", "seed": 42, "sigma_lat_deg": 1.0, "sigma_lon_deg": 1.0, "site_order": 1, "substream_label": "in_cell_jitter", "ts_utc": ")" +
          store::logical_time() + "\"}");
  const auto trace = file_lines(small.target("rng_trace_log"));
  ASSERT_EQ(trace.size(), 7U);
  EXPECT_EQ(
      trace[3],
      R"({"blocks_total": 1, "draws_total": 2, "events_total": 1, "module": "1B.S6.jitter", "rng_counter_after_hi": 8656642396674341351, "rng_counter_after_lo": 12938147706683083217, "rng_counter_before_hi": 8656642396674341351, "rng_counter_before_lo": 12938147706683083216, "run_id": "0123456789abcdef0123456789abcdef", "seed": 42, "substream_label": "in_cell_jitter", "ts_utc": ")" +
          store::logical_time() + "\"}");
  EXPECT_EQ(trace[6].substr(0, 58), R"({"blocks_total": 4, "draws_total": 8, "events_total": 4, ")");
}

TEST(S6, ReportsWhatItCounted) {
  SmallRun small;
  place(small, EventForm::jsonl);
  const auto report = store::read_json(small.target("s6_run_report")).value();
  EXPECT_EQ(
      report["counts"],
      Json::parse(
          R"({"sites_total": 3, "resamples_total": 1, "rng": {"events_total": 4, "blocks_total": 4, "draws_total": "8"}})"));
  EXPECT_EQ(report["attempt_histogram"], Json::parse(R"({"1": 2, "2": 1})"));
  EXPECT_EQ(report["component_histogram"],
            Json::parse(R"({"core_cluster": 1, "secondary_cluster": 1, "sparse_tail": 1, "uniform_v1": 0})"));
  EXPECT_EQ(report["component_share"]["sparse_tail"], 0.3333333333333333);
  EXPECT_EQ(report["by_country"], Json::parse(R"({"QX": {"attempts": 4, "resamples": 1, "sites": 3}})"));
  EXPECT_EQ(report["jitter_policy"]["policy_version"], "2026-02-13-r4");
  EXPECT_EQ(report["jitter_policy"]["components"]["core_cluster"]["lat_shape_exp"], 1.6);
}

TEST(S6, ReproducesTheWorkedExampleOfTheUniformLane) {
  SmallRun small(PublishForm::rows);
  small.policy(kUniform);
  place(small, EventForm::parquet);
  const auto rows = small.read("s6_site_jitter", datasets::kJitter);
  EXPECT_EQ(rows.f64(4), (std::vector<double>{0.07154188562062558, 0.05473673217959174, -0.1886219229924464}));
  EXPECT_EQ(rows.f64(5), (std::vector<double>{0.11701228334160696, -0.0498629706863305, 0.017183201067330955}));
}

TEST(S6, ARepeatChangesNoByte) {
  SmallRun small;
  place(small, EventForm::jsonl);
  const auto trace = file_text(small.target("rng_trace_log"));
  const auto events = file_text(small.target("rng_event_in_cell_jitter") / "part-00000.jsonl");
  place(small, EventForm::jsonl);
  EXPECT_EQ(file_text(small.target("rng_trace_log")), trace);
  EXPECT_EQ(file_text(small.target("rng_event_in_cell_jitter") / "part-00000.jsonl"), events);
  EXPECT_EQ(file_lines(small.target("rng_audit_log")).size(), 1U);
}

TEST(S6, ParquetEventsExportToTheJsonlLogsByteForByte) {
  SmallRun jsonl, parquet;
  place(jsonl, EventForm::jsonl);
  place(parquet, EventForm::parquet);
  EXPECT_FALSE(fs::exists(parquet.target("rng_trace_log")));
  const auto out = parquet.folder().root() / "exported";
  const auto exported = datasets::export_events_jsonl(parquet.folder(), out, parquet.pool());
  ASSERT_TRUE(exported) << exported.error().message();
  EXPECT_EQ(exported->events, 7U);
  for (const auto* log : {"rng_event_site_tile_assign", "rng_event_in_cell_jitter"}) {
    EXPECT_EQ(file_text(out / parquet.folder().relative(log).value() / "part-00000.jsonl"),
              file_text(jsonl.target(log) / "part-00000.jsonl"));
  }
  for (const auto* log : {"rng_trace_log", "rng_audit_log"}) {
    EXPECT_EQ(file_text(out / parquet.folder().relative(log).value()), file_text(jsonl.target(log)));
  }
}

TEST(S6, AnIslandTooSmallForItsTileStopsTheRun) {
  SmallRun small;
  small.assignments({{1, "QX", 1, 21}});
  small.country(10.2499, 49.7499, 10.2501, 49.7501);
  const auto fault = fault_of(small);
  EXPECT_EQ(fault.code(), "E613_RESAMPLE_EXHAUSTED");
  EXPECT_EQ(fault.facts()[1].second, R"([1, "QX", 1])");
  EXPECT_EQ(fault.facts()[2].second, "64");
}

TEST(S6, TheFirstFaultInRowOrderDecides) {
  SmallRun small;
  small.assignments({{1, "QX", 2, 21}, {1, "QX", 2, 21}, {1, "QX", 1, 21}});
  EXPECT_EQ(fault_of(small).code(), "E603_DUP_KEY");
  small.assignments({{1, "QX", 2, 21}, {1, "QX", 1, 21}});
  EXPECT_EQ(fault_of(small).code(), "E605_SORT_VIOLATION");
  small.assignments({{1, "QX", 2, 21}, {1, "QX", 1, 21}, {1, "QY", 1, 21}});
  EXPECT_EQ(fault_of(small).code(), "E608_POINT_OUTSIDE_COUNTRY");
  small.assignments({{1, "QX", 1, 23}, {1, "QX", 2, 21}, {1, "QX", 3, 40}});
  const auto fault = fault_of(small);
  EXPECT_EQ(fault.code(), "E606_FK_TILE_INDEX");
  EXPECT_EQ(fault.facts()[2].second, "[23, 40]");
  small.assignments({});
  EXPECT_EQ(fault_of(small).code(), "E601_ROW_MISSING");
}

TEST(S6, ABadPolicyIsNamed) {
  SmallRun small;
  small.assignments({{1, "QX", 1, 21}});
  auto text = std::string(kUniform);
  small.policy(text + "colour: red\n");
  EXPECT_EQ(fault_of(small).code(), "PW_POLICY");
  small.policy(text.replace(text.find("sparse_tail: 1}"), 15, "sparse_tail: 0}"));
  EXPECT_EQ(fault_of(small).code(), "PW_POLICY");
}

}  // namespace
}  // namespace placewright::states::s6_jitter
