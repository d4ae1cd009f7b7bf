// A run of the source's identity under a fresh id.
#include <cstdio>
#include <filesystem>
#include <random>

#include "base/text.hpp"
#include "datasets/seal.hpp"
#include "lanes/pretty.hpp"
#include "lanes/root.hpp"
#include "pipeline/lane_draft.hpp"

namespace placewright::pipeline {
namespace {

namespace fs = std::filesystem;

std::string fresh_id() {
  std::random_device device;
  std::string id;
  for (int i = 0; i < 4; ++i) {
    char word[9];
    std::snprintf(word, sizeof word, "%08x", static_cast<unsigned>(device()));
    id += word;
  }
  return id;
}

Json fresh_receipt(const LaneRerunOptions& o, const Lane& lane, const std::string& run_id) {
  Json receipt = lane.source_receipt.fields;
  const auto now = store::wall_time();
  receipt["run_id"] = run_id;
  receipt["created_utc"] = now;
  receipt["runs_root"] = o.runs_root;
  receipt["staged_from_run_id"] = o.source;
  receipt["staged_from_runs_root"] = o.runs_root;
  receipt["staged_mode"] = "share";
  receipt["staged_utc"] = now;
  if (!o.external_roots.empty()) receipt["external_roots"] = o.external_roots;
  return receipt;
}

bool staged_before(const fs::path& run_root, const std::string& source) {
  const auto record = store::read_json(run_root / kStageRecord);
  return record && record->is_object() && record->value("src_run_id", Json()) == source;
}

// Made aside and renamed into place: a run that is there is whole.
Result<void> make_fresh(const LaneRerunOptions& o, const std::string& run_id, Lane& lane) {
  const auto aside = fs::path(o.runs_root) / lanes::kStaging / run_id, place = fs::path(o.runs_root) / run_id;
  auto identity = lane.source->identity();
  identity.run_id = run_id;
  const store::RunFolder target(aside, identity, {}, *lane.dictionary);
  PW_TRY(lane.plan, lanes::plan_stage(*lane.source, target, lane.from, true));
  if (o.dry_run) return {};
  PW_TRY(lane.shared, lanes::stage(lane.plan, *lane.source, target));
  for (const char* folder : {"data", "logs", "reports"}) PW_CHECK(store::make_folder(aside / folder));
  for (auto& surface : lane.plan.surfaces) surface.to = place / surface.to.lexically_relative(aside);
  PW_CHECK(lanes::write_pretty(aside / kStageRecord, stage_record(o, lane, run_id)));
  PW_CHECK(lanes::write_pretty(aside / "run_receipt.json", fresh_receipt(o, lane, run_id)));
  return store::rename_path(aside, place);
}

}  // namespace

Result<std::string> begin_fresh(const LaneRerunOptions& o, Lane& lane, work::Pool& pool) {
  if (!o.run_id.empty() && !is_hex(o.run_id, 32))
    return Error("PW_USAGE", "a run id has 32 lower-case hex digits, not " + o.run_id);
  const auto run_id = o.run_id.empty() ? fresh_id() : o.run_id;
  lane.run.runs_root = o.runs_root;
  lane.run.run_id = run_id;
  lane.run.external_roots = o.external_roots;
  lane.run.contracts_root = o.contracts_root;
  lane.run.contracts_layout = o.contracts_layout;
  PW_TRY(lane.changed, datasets::differing_inputs(*lane.source, lane.seal, pool));
  PW_CHECK(choose_from(o, lane, 4));
  std::error_code error;
  if (!fs::exists(fs::path(o.runs_root) / run_id, error)) {
    PW_CHECK(make_fresh(o, run_id, lane));
  } else if (!staged_before(fs::path(o.runs_root) / run_id, o.source)) {
    return Error("LANE_EXISTS", "run " + run_id + " exists and was not staged from " + o.source);
  }
  return run_id;
}

}  // namespace placewright::pipeline
