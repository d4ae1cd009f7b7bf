// Lane verbs over a runs root: records, archive, prune, list, show, comparison of speed.
#include <cstdio>

#include "base/text.hpp"
#include "lanes/archive.hpp"
#include "lanes/pretty.hpp"
#include "lanes/prune.hpp"
#include "lanes/records.hpp"
#include "lanes/root.hpp"
#include "lanes/runs.hpp"
#include "pipeline/status.hpp"
#include "placewright/lanes.hpp"
#include "store/files.hpp"

namespace placewright {
namespace {

using Lines = std::vector<std::string>;

// Fields of a record, one a line.
Lines told(const Json& record) {
  Lines lines;
  for (const auto& [name, value] : record.items()) {
    lines.push_back(name + ": " + (value.is_string() ? value.get<std::string>() : compact(value)));
  }
  return lines;
}

// Runs `make` under the root's lock; its answer becomes the result.
template <class Make, class Tell>
LaneResult under_lock(const std::string& root, const char* verb, const Make& make, const Tell& tell) {
  LaneResult result;
  result.json = "{}";
  result.status = pipeline::guarded([&]() -> Result<void> {
    PW_TRY(const auto lock, lanes::RootLock::take(root, verb));
    PW_TRY(const Json made, make());
    result.json = lanes::pretty(made);
    result.lines = tell(made);
    return {};
  });
  return result;
}

template <class Make>
LaneResult under_lock(const std::string& root, const char* verb, const Make& make) {
  return under_lock(root, verb, make, told);
}

lanes::ReproInput repro_of(const LaneLockOptions& o) {
  return {o.phase, o.run_id, o.witness, o.score_json, o.witness_score_json};
}

Lines tell_repro(const Json& check) {
  Lines lines;
  for (const char* part : {"compared", "bytes"}) {
    for (const auto& row : check[part]) {
      lines.push_back((row["equal"].get<bool>() ? "  equal   " : "  differs ") +
                      row.value("field", row.value("dataset", std::string())));
    }
  }
  lines.push_back(std::string("all equal: ") + (check["all_equal"].get<bool>() ? "yes" : "no"));
  return lines;
}

Json json_of(const std::vector<lanes::PruneRow>& rows, bool yes) {
  Json runs = Json::array();
  std::uint64_t bytes = 0;
  for (const auto& row : rows) {
    runs.push_back({{"run_id", row.run_id},
                    {"kept", row.kept},
                    {"reasons", row.reasons},
                    {"bytes_alone", row.disk.alone},
                    {"bytes_shared", row.disk.shared}});
    if (!row.kept) bytes += row.disk.alone;
  }
  return {{"runs", runs}, {"bytes", bytes}, {"removed", yes}};
}

Lines tell_prune(const Json& json) {
  Lines lines;
  const bool removed = json["removed"].get<bool>();
  for (const auto& row : json["runs"]) {
    const auto reasons = row["reasons"].get<Lines>();
    lines.push_back((row["kept"].get<bool>() ? "keep    "
                     : removed               ? "removed "
                                             : "remove  ") +
                    row["run_id"].get<std::string>() + "  " + bytes_text(row["bytes_alone"].get<std::uint64_t>()) +
                    " alone, " + bytes_text(row["bytes_shared"].get<std::uint64_t>()) + " shared  (" +
                    join(reasons, "; ") + ")");
  }
  lines.push_back((removed ? "freed: at least " : "would free: at least ") +
                  bytes_text(json["bytes"].get<std::uint64_t>()));
  if (!removed) lines.emplace_back("nothing was removed; add --yes to remove");
  return lines;
}

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.is_null() ? "-" : compact(value);
}

Lines tell_list(const Json& runs) {
  Lines lines;
  for (const auto& run : runs) {
    if (run.contains("problem")) {
      lines.push_back(run["run_id"].get<std::string>() + "  " + run["problem"].get<std::string>());
      continue;
    }
    const auto& states = run["states_done"];
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.1f s", run["seconds"].get<double>());
    lines.push_back(run["run_id"].get<std::string>() + "  seed " + text_of(run["seed"]) + "  " +
                    text_of(run["profile"]) + "  " + std::to_string(states.size()) + " states  " + seconds +
                    "  sites " + text_of(run["sites"]) + "  " +
                    (run["failed"].get<bool>() ? "FAILED" : text_of(run["flag"])) + "  grade " + text_of(run["grade"]) +
                    "  " + bytes_text(run["bytes_alone"].get<std::uint64_t>()) + " alone, " +
                    bytes_text(run["bytes_shared"].get<std::uint64_t>()) + " shared");
    if (const auto source = run["staged_from"].get<std::string>(); !source.empty())
      lines.push_back("    from " + source);
    for (const auto& name : run["named_by"]) lines.push_back("    named by " + name.get<std::string>());
  }
  return lines;
}

Lines tell_speed(const Json& json) {
  Lines lines;
  for (const auto& row : json["states"]) {
    char line[96];
    std::snprintf(line, sizeof line, "%s %9.2f s %9.2f s  x %.2f%s", row["state"].get<std::string>().c_str(),
                  row["authority_s"].get<double>(), row["candidate_s"].get<double>(), row["ratio"].get<double>(),
                  row["slower"].get<bool>() ? "  SLOWER" : "");
    lines.emplace_back(line);
  }
  if (!json["alike"].get<bool>()) lines.push_back("unlike: " + compact(json["differences"]));
  return lines;
}

// `bad` of the answer turns a finished call into a finding.
LaneResult found(LaneResult result, bool bad, Error error) {
  if (result.status && bad) result.status = pipeline::status_of(error);
  return result;
}

bool flag_in(const LaneResult& result, const char* name) {
  const auto json = parse_json(result.json, "result");
  return json && json->is_object() && json->value(name, false);
}

}  // namespace

LaneResult lane_pointer(const LanePointerOptions& o) {
  return under_lock(o.runs_root, "pointer", [&]() -> Result<Json> {
    if (o.run_id.empty()) {
      PW_TRY(const auto file, lanes::pointer_file(o.runs_root, o.role));
      return store::read_json(file);
    }
    return lanes::set_pointer(o.runs_root, {o.role, o.run_id, o.phase, o.score_json, o.lock_record});
  });
}

LaneResult lane_repro(const LaneLockOptions& o) {
  auto result = under_lock(
      o.runs_root, "repro", [&] { return lanes::repro_check(o.runs_root, repro_of(o)); }, tell_repro);
  const bool equal = flag_in(result, "all_equal");
  return found(std::move(result), !equal,
               Error("LANE_REPRO", "runs " + o.run_id + " and " + o.witness + " are not equal"));
}

LaneResult lane_lock(const LaneLockOptions& o) {
  return under_lock(o.runs_root, "lock", [&] { return lanes::lock_phase(o.runs_root, {repro_of(o), o.statement}); });
}

LaneResult lane_envelope(const LaneRecordOptions& o) {
  return under_lock(o.runs_root, "envelope", [&] { return lanes::envelope(o.runs_root, o.boundary); });
}

LaneResult lane_reopen(const LaneRecordOptions& o) {
  return under_lock(o.runs_root, "reopen", [&] {
    return lanes::reopen(o.runs_root, {o.phase, o.evidence, o.approved_by});
  });
}

LaneResult lane_red_reopen(const LaneRecordOptions& o) {
  return under_lock(o.runs_root, "red-reopen", [&] { return lanes::red_reopen(o.runs_root, o.p4_json); });
}

LaneResult lane_wave(const LaneRecordOptions& o) {
  return under_lock(o.runs_root, "wave", [&] { return lanes::wave_summary(o.runs_root, o.wave, o.artefacts); });
}

LaneResult lane_archive(const LaneRootOptions& o) {
  return under_lock(o.runs_root, "archive",
                    [&] { return lanes::archive_bundle(lanes::fs::path(o.runs_root) / o.run_id, o.reason); });
}

LaneResult lane_prune(const LaneRootOptions& o) {
  const auto make = [&]() -> Result<Json> {
    PW_TRY(const auto rows, lanes::prune({o.runs_root, o.failed_only, o.keep, o.yes}));
    return json_of(rows, o.yes);
  };
  return under_lock(o.runs_root, "prune", make, tell_prune);
}

LaneResult lane_list(const LaneRootOptions& o) {
  LaneResult result;
  result.json = "[]";
  result.status = pipeline::guarded([&]() -> Result<void> {
    PW_TRY(const auto runs, lanes::list_runs(o.runs_root));
    result.json = lanes::pretty(runs);
    result.lines = tell_list(runs);
    return {};
  });
  return result;
}

LaneResult lane_show(const LaneRootOptions& o) {
  LaneResult result;
  result.json = "{}";
  result.status = pipeline::guarded([&]() -> Result<void> {
    PW_TRY(const auto run, lanes::show_run(o.runs_root, o.run_id));
    result.json = lanes::pretty(run);
    result.lines = told(run);
    return {};
  });
  return result;
}

LaneResult lane_speed(const LaneSpeedOptions& o) {
  auto result = under_lock(
      o.runs_root, "performance",
      [&] { return lanes::compare_speed(o.runs_root, o.authority, o.candidate, o.threshold); }, tell_speed);
  if (!result.status) return result;
  const auto json = Json::parse(result.json);
  if (!json["alike"].get<bool>())
    return found(std::move(result), true, Error("LANE_UNLIKE", "the runs differ in " + compact(json["differences"])));
  return found(std::move(result), !json["slower"].empty(),
               Error("LANE_SLOWER", "slower than the authority: " + compact(json["slower"])));
}

}  // namespace placewright
