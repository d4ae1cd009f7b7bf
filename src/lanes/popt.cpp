#include "lanes/popt.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "base/text.hpp"
#include "lanes/run_log.hpp"
#include "store/files.hpp"
#include "store/receipt.hpp"

namespace placewright::lanes {
namespace {

namespace fs = std::filesystem;

struct Budget {
  int state;
  int target, stretch;  // seconds
};
constexpr std::array<Budget, 3> kBudgets = {{{4, 720, 900}, {5, 360, 480}, {9, 150, 210}}};

// What the reference prints of its three hotspots, whatever was slowest: its own words and line numbers.
struct Hotspot {
  int state;
  std::string_view title;
  std::array<std::string_view, 3> actions, code;
};
constexpr std::array<Hotspot, 3> kHotspots = {{
    {4,
     "Country asset reload + allocation loop dominates wall time",
     {"Reduce reload thrash by improving per-country asset reuse strategy and cache admission/eviction policy.",
      "Cut repeated top-k rank recomputation with stronger prefix reuse for hot (country,n_sites,k) patterns.",
      "Move pair-loop invariants out of inner path and collapse repeated array transforms."},
     {"s4_alloc_plan/runner.py:1134", "s4_alloc_plan/runner.py:1375", "s4_alloc_plan/runner.py:1485"}},
    {5,
     "Tile-index IO amplification + per-site event writes",
     {"Increase effective tile-index locality (cache strategy/data layout) to reduce repeated parquet reads.",
      "Lower per-site overhead in assignment loop; batch event/trace emission where contract allows.",
      "Reduce per-pair info logging cadence to checkpoint-level by default."},
     {"s5_site_tile_assignment/runner.py:64", "s5_site_tile_assignment/runner.py:949",
      "s5_site_tile_assignment/runner.py:1118"}},
    {9,
     "Validation scans spend most time in RNG event pass",
     {"Convert multi-pass JSONL validation into tighter single-pass accounting where semantics stay equivalent.",
      "Avoid full-file readback when composing checksums; hash streaming path consistently.",
      "Keep required checks, move non-essential diagnostics to opt-in mode."},
     {"s9_validation_bundle/runner.py:858", "s9_validation_bundle/runner.py:906",
      "s9_validation_bundle/runner.py:1086"}},
}};
constexpr std::string_view kCode = "packages/engine/src/engine/layers/l1/seg_1B/";
// The reference names this run as the baseline whatever file it is given.
constexpr std::string_view kPopt1Baseline = "9ebdd751ab7b4f9da246cc840ddff306";

std::string second_utc() { return store::wall_time().substr(0, 19) + "Z"; }
std::string fixed2(double value) {
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "%.2f", value);
  return text.data();
}

// Each "{}" of the pattern gives way to the next of the parts.
std::string fill(std::string_view pattern, const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& part : parts) {
    const auto at = pattern.find("{}");
    out.append(pattern.substr(0, at)).append(part);
    pattern.remove_prefix(at + 2);
  }
  return out.append(pattern);
}

std::string name_of(int state) { return "S" + std::to_string(state); }
std::string percent(double share) { return fixed2(100 * share) + "%"; }

std::string report_path(const fs::path& root, const RunIdentity& id, const std::string& state,
                        const std::string& file) {
  return (root / ("reports/layer1/1B/state=" + state) / ("seed=" + std::to_string(id.seed)) /
          ("parameter_hash=" + id.parameter_hash) / ("manifest_fingerprint=" + id.manifest_fingerprint) / file)
      .generic_string();
}

struct Reading {
  store::Receipt receipt;
  std::string log_path, s4_path, s5_path;
  std::vector<LogLine> lines;
  std::vector<StateSpan> spans;
  Json s4, s5;
  double elapsed = 0;

  const StateSpan& span(int state) const { return *std::ranges::find(spans, state, &StateSpan::state); }
};

Result<Reading> read_run(const fs::path& runs_root, const std::string& run_id) {
  Reading run;
  const auto root = runs_root / run_id;
  PW_TRY(run.receipt, store::read_receipt(root));
  run.log_path = (root / ("run_log_" + run_id + ".log")).generic_string();
  run.s4_path = report_path(root, run.receipt.identity, "S4", "s4_run_report.json");
  run.s5_path = report_path(root, run.receipt.identity, "S5", "s5_run_report.json");
  PW_TRY(run.lines, read_run_log(run.log_path));
  PW_TRY(run.s4, store::read_json(run.s4_path));
  PW_TRY(run.s5, store::read_json(run.s5_path));
  for (int state = 0; state <= 9; ++state) {
    const auto span = span_of(run.lines, state);
    if (!span) return Error("LANE_LOG", run.log_path + " does not show " + name_of(state) + " begin and end");
    run.spans.push_back(*span);
  }
  const auto start = std::ranges::min_element(run.spans, {}, &StateSpan::start)->start;
  const auto end = std::ranges::max_element(run.spans, {}, &StateSpan::end)->end;
  run.elapsed = exact_seconds(end - start);
  return run;
}

// Counters of the last line that holds `marker` and exactly these fields one after the other.
Json counters(const std::vector<LogLine>& lines, const std::string& marker, const std::vector<std::string>& fields) {
  Json found;
  for (const auto& line : lines) {
    auto at = line.text.find(marker);
    if (at == std::string::npos) continue;
    at += marker.size();
    Json row = Json::object();
    for (const auto& field : fields) {
      const auto key = " " + field + "=";
      if (line.text.compare(at, key.size(), key) != 0) break;
      const auto stop = line.text.find_first_not_of("0123456789", at += key.size());
      const auto value =
          parse_u64(std::string_view(line.text).substr(at, stop == std::string::npos ? stop : stop - at));
      if (!value) break;
      row[field] = *value;
      at = stop == std::string::npos ? line.text.size() : stop;
    }
    if (row.size() == fields.size()) found = std::move(row);
  }
  return found;
}

Json delta_of(const std::vector<LogLine>& lines, const std::string& step) {
  Json found;
  for (const auto& line : lines) {
    if (line.text.find(step) == std::string::npos) continue;
    if (const auto delta = number_after(line.text, "delta=")) found = *delta;
  }
  return found;
}

Json at(const Json& report, const char* pointer) {
  const auto where = Json::json_pointer(pointer);
  return report.contains(where) ? report[where] : Json();
}

Json evidence(const Reading& run, int state) {
  if (state == 4) {
    return {{"bytes_read_index_total", at(run.s4, "/pat/bytes_read_index_total")},
            {"bytes_read_weights_total", at(run.s4, "/pat/bytes_read_weights_total")},
            {"cache_summary",
             counters(run.lines, "S4: cache summary",
                      {"hits", "misses", "evictions", "skipped_oversize", "bytes_peak", "unique_countries"})},
            {"rank_cache_summary", counters(run.lines, "S4: rank cache summary",
                                            {"hits", "misses", "evictions", "skipped_large_k", "skipped_oversize",
                                             "bytes_peak", "entries"})}};
  }
  if (state == 5) {
    const auto assigning = std::ranges::count_if(run.lines, [](const LogLine& line) {
      return line.text.find("S5: assigning merchant_id=") != std::string::npos;
    });
    return {{"assigning_log_lines", assigning},
            {"bytes_read_index_total", at(run.s5, "/pat/bytes_read_index_total")},
            {"cache_summary", counters(run.lines, "S5: cache summary", {"hits", "misses", "evictions"})},
            {"pairs_total", at(run.s5, "/pairs_total")},
            {"rows_emitted", at(run.s5, "/rows_emitted")}};
  }
  return {{"event_scan_delta_s", delta_of(run.lines, "S9: computing egress checksums")},
          {"parity_delta_s", delta_of(run.lines, "S9: parity validation complete")},
          {"trace_audit_delta_s", delta_of(run.lines, "S9: RNG events scan start")}};
}

Json hotspots(const Reading& run) {
  Json list = Json::array();
  for (std::size_t i = 0; i < kHotspots.size(); ++i) {
    const auto& spot = kHotspots[i];
    const auto seconds = run.span(spot.state).seconds();
    Json code = Json::array();
    for (const auto line : spot.code) code.push_back(std::string(kCode) + std::string(line));
    list.push_back({{"rank", i + 1},
                    {"state", name_of(spot.state)},
                    {"title", spot.title},
                    {"elapsed_s", seconds},
                    {"segment_share", seconds / run.elapsed},
                    {"candidate_actions", spot.actions},
                    {"code_refs", code},
                    {"evidence", evidence(run, spot.state)}});
  }
  return list;
}

Json budgets() {
  Json all = Json::object();
  for (const auto& budget : kBudgets) {
    all[name_of(budget.state)] = {{"target_s", budget.target},
                                  {"target_hms", hms(budget.target)},
                                  {"stretch_s", budget.stretch},
                                  {"stretch_hms", hms(budget.stretch)}};
  }
  return all;
}

Json timing(const Reading& run) {
  Json table = Json::array();
  for (const auto& span : run.spans) {
    table.push_back({{"state", name_of(span.state)},
                     {"start_ts", span.start_stamp},
                     {"end_ts", span.end_stamp},
                     {"elapsed_s", span.seconds()},
                     {"elapsed_hms", hms(span.seconds())},
                     {"segment_share", span.seconds() / run.elapsed}});
  }
  return {{"segment_elapsed_s", run.elapsed}, {"segment_elapsed_hms", hms(run.elapsed)}, {"state_table", table}};
}

std::string text(const Json& value) { return value.get<std::string>(); }

std::string joined(const Json& list) {
  std::vector<std::string> parts;
  for (const auto& item : list) parts.push_back(text(item));
  return join(parts, ", ");
}

std::string popt0_markdown(const Json& json) {
  const auto& run = json["run"];
  std::string out = fill(
      "# Segment 1B POPT.0 Baseline and Hotspot Map\n\n- run_id: `{}`\n- seed: `{}`\n- manifest_fingerprint: `{}`\n\n"
      "## Runtime Table\n\n| State | Elapsed | Share |\n|---|---:|---:|\n",
      {text(run["run_id"]), run["seed"].dump(), text(run["manifest_fingerprint"])});
  for (const auto& row : json["timing"]["state_table"]) {
    out += fill("| {} | {} | {} |\n", {text(row["state"]), text(row["elapsed_hms"]), percent(row["segment_share"])});
  }
  out += fill("\n- segment_elapsed: `{}`\n\n## Runtime Budgets\n\n", {text(json["timing"]["segment_elapsed_hms"])});
  for (const auto& [state, budget] : json["budgets"].items()) {
    out += fill("- {} target/stretch: `{}` / `{}`\n", {state, text(budget["target_hms"]), text(budget["stretch_hms"])});
  }
  out += "\n## Ranked Hotspots\n";
  for (const auto& spot : json["hotspots"]) {
    out += fill("\n### {}. {} - {}\n- elapsed: `{}`\n- segment_share: `{}`\n- evidence: `{}`\n- code_refs: `{}`\n",
                {spot["rank"].dump(), text(spot["state"]), text(spot["title"]), hms(spot["elapsed_s"]),
                 percent(spot["segment_share"]), spaced(spot["evidence"]), joined(spot["code_refs"])});
  }
  return out + "\n";
}

std::string classify(double seconds) {
  return seconds <= kBudgets[0].target ? "GREEN" : seconds <= kBudgets[0].stretch ? "AMBER" : "RED";
}

// The two largest parts of S4's time in a run report; equal times go by name.
Result<Json> top_two(const fs::path& report) {
  PW_TRY(const auto json, store::read_json(report));
  std::vector<std::pair<double, std::string>> parts;
  const auto stages = at(json, "/substage_timing");
  for (const auto& [name, value] : stages.items()) {
    const auto seconds = value.is_object() ? value.value("seconds", Json()) : value;
    if (seconds.is_number()) parts.emplace_back(-seconds.get<double>(), name);
  }
  std::ranges::stable_sort(parts, {}, &std::pair<double, std::string>::first);
  Json top = Json::array();
  for (std::size_t i = 0; i < std::min<std::size_t>(2, parts.size()); ++i) top.push_back(parts[i].second);
  return top;
}

bool holds(const std::vector<LogLine>& lines, const std::string& marker, const std::string& also = {}) {
  return std::ranges::any_of(lines, [&](const LogLine& line) {
    return line.text.find(marker) != std::string::npos && line.text.find(also) != std::string::npos;
  });
}

Json smoke(const std::vector<LogLine>& lines) {
  return {{"s5_complete", holds(lines, "S5 1B complete:")},
          {"s6_complete", holds(lines, "S6 1B complete:")},
          {"s7_complete", holds(lines, "S7 1B complete:")},
          {"s8_complete", holds(lines, "S8 1B complete:")},
          {"s9_pass", holds(lines, "S9 complete:", "decision=PASS")}};
}

std::string yes(const Json& flag) { return flag.get<bool>() ? "True" : "False"; }

std::string popt1_markdown(const Json& json) {
  const auto& c = json["candidate"];
  const auto& b = json["baseline"];
  const auto& d = json["decision"];
  auto out = fill(
      "# Segment 1B POPT.1 Closure\n\n- candidate_run_id: `{}`\n- classification_latest: `{}`\n- classification_best: "
      "`{}`\n"
      "- progression_decision: `{}`\n\n## Runtime\n- baseline_s4: `{}` ({}s)\n- candidate_best_s4: `{}` ({}s)\n"
      "- candidate_latest_s4: `{}` ({}s)\n- improvement_best: `{}`\n- improvement_latest: `{}`\n\n## Witness\n"
      "- deterministic_identical_partition_hits: `{}`\n- top2_stable_across_witnesses: `{}`\n- witness_a_top2: `{}`\n"
      "- witness_b_top2: `{}`\n\n## Smoke\n",
      {text(c["run_id"]), text(d["classification_latest"]), text(d["classification_best"]),
       text(d["progression_decision"]), text(b["s4_elapsed_hms"]), fixed2(b["s4_elapsed_s"].get<double>()),
       text(c["s4_best_hms"]), fixed2(c["s4_best_s"].get<double>()), text(c["s4_latest_hms"]),
       fixed2(c["s4_latest_s"].get<double>()), percent(c["improvement_best_fraction"]),
       percent(c["improvement_latest_fraction"]), c["determinism_identical_partition_hits"].dump(),
       yes(c["top2_stable_across_witnesses"]), joined(c["witness_a_top2"]), joined(c["witness_b_top2"])});
  for (const auto& [name, value] : c["smoke"].items()) out += "- " + name + ": `" + yes(value) + "`\n";
  return out;
}

std::vector<double> allocation_times(const std::vector<LogLine>& lines) {
  std::vector<double> series;
  for (const auto& line : lines) {
    if (line.text.find("S4: allocation loop completed") == std::string::npos) continue;
    if (const auto delta = number_after(line.text, "delta=")) series.push_back(*delta);
  }
  return series;
}

Result<double> baseline_seconds(const fs::path& file) {
  PW_TRY(const auto baseline, store::read_json(file));
  const auto rows = at(baseline, "/timing/state_table");
  for (const auto& row : rows) {
    if (row.value("state", Json()) == "S4" && row.value("elapsed_s", Json()).is_number())
      return row["elapsed_s"].get<double>();
  }
  return Error("LANE_LOG", file.string() + " holds no time of S4; it should be an artefact of popt0");
}

}  // namespace

std::string hms(double seconds) {
  const auto whole = static_cast<long>(std::nearbyint(seconds));
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "%02ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
  return text.data();
}

Result<Scored> popt0(const fs::path& runs_root, const std::string& run_id) {
  PW_TRY(const auto run, read_run(runs_root, run_id));
  const auto& id = run.receipt.identity;
  Scored scored;
  scored.json = {{"budgets", budgets()},
                 {"gates",
                  {{"block_statistical_tuning_while_over_stretch", true},
                   {"progression_rule", "fail_closed"},
                   {"require_movement_toward_budget", true},
                   {"require_runtime_improvement_vs_baseline", true}}},
                 {"generated_utc", second_utc()},
                 {"hotspots", hotspots(run)},
                 {"phase", "POPT.0"},
                 {"run",
                  {{"run_id", id.run_id},
                   {"seed", id.seed},
                   {"parameter_hash", id.parameter_hash},
                   {"manifest_fingerprint", id.manifest_fingerprint},
                   {"run_log_path", run.log_path},
                   {"runs_root", runs_root.generic_string()},
                   {"s4_run_report_path", run.s4_path},
                   {"s5_run_report_path", run.s5_path}}},
                 {"segment", "1B"},
                 {"timing", timing(run)}};
  scored.markdown = popt0_markdown(scored.json);
  return scored;
}

Result<Scored> popt1(const Popt1Options& options) {
  const auto log_path = (options.runs_root / options.run_id / ("run_log_" + options.run_id + ".log")).generic_string();
  PW_TRY(const auto lines, read_run_log(log_path));
  PW_TRY(const auto baseline, baseline_seconds(options.baseline));
  PW_TRY(const auto top_a, top_two(options.witness_a));
  PW_TRY(const auto top_b, top_two(options.witness_b));
  const auto series = allocation_times(lines);
  if (series.empty()) return Error("LANE_LOG", log_path + " holds no time of an allocation loop");
  const double best = *std::ranges::min_element(series), latest = series.back();
  const auto identical = std::ranges::count_if(lines, [](const LogLine& line) {
    return line.text.find("S4: s4_alloc_plan partition already exists with identical bytes") != std::string::npos;
  });
  const auto gain = [&](double seconds) { return baseline > 0 ? (baseline - seconds) / baseline : 0.0; };
  const bool go = classify(latest) != "RED";
  Scored scored;
  scored.json = {{"baseline",
                  {{"run_id", kPopt1Baseline},
                   {"s4_elapsed_s", baseline},
                   {"s4_elapsed_hms", hms(baseline)},
                   {"source", options.baseline.generic_string()}}},
                 {"candidate",
                  {{"run_id", options.run_id},
                   {"log_path", log_path},
                   {"determinism_identical_partition_hits", identical},
                   {"improvement_best_fraction", gain(best)},
                   {"improvement_latest_fraction", gain(latest)},
                   {"s4_best_s", best},
                   {"s4_best_hms", hms(best)},
                   {"s4_latest_s", latest},
                   {"s4_latest_hms", hms(latest)},
                   {"s4_delta_series_s", series},
                   {"smoke", smoke(lines)},
                   {"top2_stable_across_witnesses", top_a == top_b},
                   {"witness_a", options.witness_a.generic_string()},
                   {"witness_a_top2", top_a},
                   {"witness_b", options.witness_b.generic_string()},
                   {"witness_b_top2", top_b}}},
                 {"decision",
                  {{"classification_best", classify(best)},
                   {"classification_latest", classify(latest)},
                   {"improvement_vs_baseline_best", best < baseline},
                   {"improvement_vs_baseline_latest", latest < baseline},
                   {"movement_toward_budget", latest < baseline},
                   {"progression_decision", go ? "GO_POPT2" : "HOLD_POPT1"}}},
                 {"generated_utc", second_utc()},
                 {"phase", "POPT.1"},
                 {"segment", "1B"}};
  scored.markdown = popt1_markdown(scored.json);
  return scored;
}

}  // namespace placewright::lanes
