#include "lanes/runs.hpp"

#include <algorithm>

#include "lanes/matrix.hpp"
#include "lanes/prune.hpp"
#include "lanes/records.hpp"
#include "lanes/repro.hpp"
#include "lanes/root.hpp"
#include "lanes/stage.hpp"
#include "store/files.hpp"
#include "store/receipt.hpp"

namespace placewright::lanes {
namespace {

constexpr double kTooShort = 0.05;  // seconds

double seconds_of(const Json& receipt) { return receipt.value(Json::json_pointer("/measured/wall_seconds"), 0.0); }

Json grade_of(const fs::path& root, const std::string& run_id) {
  const auto p4 = store::read_json(root / "reports" / ("segment1b_p4_integrated_" + run_id + ".json"));
  if (!p4 || !p4->is_object()) return {};
  return p4->contains("grade") ? (*p4)["grade"] : p4->value("status", Json());
}

struct Done {
  Json states = Json::array();
  double seconds = 0;
  Json sites, flag;
};

Done done_of(const fs::path& run_root) {
  Done done;
  for (int state = 0; state < kStates; ++state) {
    const auto receipt = state_receipt(run_root, state);
    if (!receipt) continue;
    done.states.push_back(state_name(state));
    done.seconds += seconds_of(*receipt);
    if (state == 8) done.sites = receipt->value("rows", Json());
    if (state == 9) done.flag = "PASS";
  }
  return done;
}

Result<Json> row_of(const fs::path& root, const std::string& run_id, const std::vector<RecordFile>& records) {
  const auto disk = disk_used(root / run_id);
  Json row = {{"run_id", run_id}, {"bytes_alone", disk.alone}, {"bytes_shared", disk.shared}};
  const auto receipt = store::read_receipt(root / run_id);
  if (!receipt) {
    row["problem"] = receipt.error().message();
    return row;
  }
  const auto done = done_of(root / run_id);
  const auto& id = receipt->identity;
  row["seed"] = id.seed;
  row["parameter_hash"] = id.parameter_hash;
  row["manifest_fingerprint"] = id.manifest_fingerprint;
  row["created_utc"] = receipt->fields.value("created_utc", Json());
  row["profile"] = receipt->fields.value("profile", Json());
  row["staged_from"] = staged_from(root / run_id);
  row["states_done"] = done.states;
  row["seconds"] = done.seconds;
  row["sites"] = done.sites;
  row["flag"] = done.flag;
  row["grade"] = grade_of(root, run_id);
  std::error_code error;
  row["failed"] = fs::exists(root / run_id / "_FAILED.SENTINEL.json", error);
  Json named = Json::array();
  for (const auto& record : records) {
    if (!runs_named(record, {run_id}).empty()) named.push_back(record.name);
  }
  row["named_by"] = named;
  return row;
}

Result<store::Receipt> receipt_of(const fs::path& root, const std::string& run_id) {
  auto receipt = store::read_receipt(root / run_id);
  if (!receipt) return std::move(receipt).error().as("LANE_RUN");
  return receipt;
}

// Lineage, policies and validation depth are all in the seal; forms and threads in the receipts.
Json differences(const Json& seal_a, const Json& seal_b) {
  Json out = Json::array();
  const auto inputs_a = seal_a.value("inputs", Json::array()), inputs_b = seal_b.value("inputs", Json::array());
  for (std::size_t i = 0; i < std::max(inputs_a.size(), inputs_b.size()); ++i) {
    const Json a = i < inputs_a.size() ? inputs_a[i] : Json::object(),
               b = i < inputs_b.size() ? inputs_b[i] : Json::object();
    if (a.value("files", Json()) != b.value("files", Json()))
      out.push_back(a.value("id", b.value("id", std::string())));
  }
  if (seal_a.value("contracts", Json()) != seal_b.value("contracts", Json())) out.push_back("contracts");
  if (seal_a.value(Json::json_pointer("/choices/predicate"), Json()) !=
      seal_b.value(Json::json_pointer("/choices/predicate"), Json())) {
    out.push_back("predicate");
  }
  return out;
}

}  // namespace

Result<Json> list_runs(const fs::path& root) {
  PW_TRY(const auto records, records_in_force(root));
  std::vector<Json> rows;
  for (const auto& run : run_ids(root)) {
    PW_TRY(auto row, row_of(root, run, records));
    rows.push_back(std::move(row));
  }
  std::ranges::stable_sort(rows, {}, [](const Json& row) {
    return row.value("created_utc", Json()).is_string() ? row["created_utc"].get<std::string>() : "";
  });
  return Json(rows);
}

Result<Json> show_run(const fs::path& root, const std::string& run_id) {
  PW_TRY(const auto receipt, receipt_of(root, run_id));
  PW_TRY(const auto records, records_in_force(root));
  PW_TRY(auto row, row_of(root, run_id, records));
  Json states = Json::array();
  for (int state = 0; state < kStates; ++state) {
    const auto done = state_receipt(receipt.run_root, state);
    if (done)
      states.push_back({{"state", state_name(state)},
                        {"rows", done->value("rows", Json())},
                        {"measured", done->value("measured", Json())}});
  }
  row["states"] = states;
  if (const auto seal = seal_of(receipt)) row["policies"] = policies_of(receipt, *seal);
  if (const auto mark = store::read_json(receipt.run_root / "_FAILED.SENTINEL.json")) row["failure"] = *mark;
  return row;
}

Result<Json> compare_speed(const fs::path& root, const std::string& authority, const std::string& candidate,
                           double threshold) {
  PW_TRY(const auto a, receipt_of(root, authority));
  PW_TRY(const auto b, receipt_of(root, candidate));
  PW_TRY(const auto seal_a, seal_of(a));
  PW_TRY(const auto seal_b, seal_of(b));
  auto unlike = differences(seal_a, seal_b);
  Json states = Json::array(), slower = Json::array();
  for (int state = 0; state < kStates; ++state) {
    const auto ra = state_receipt(a.run_root, state), rb = state_receipt(b.run_root, state);
    if (!ra || !rb || seconds_of(*ra) == 0 || seconds_of(*rb) == 0) continue;
    for (const char* name : {"threads", "publish_and_events"}) {
      const auto at = Json::json_pointer("/measured/" + std::string(name));
      if (ra->value(at, Json()) != rb->value(at, Json()) && !std::ranges::count(unlike, Json(name)))
        unlike.push_back(name);
    }
    const double ta = seconds_of(*ra), tb = seconds_of(*rb);
    const bool is_slower = std::max(ta, tb) >= kTooShort && tb > ta * (1 + threshold);
    states.push_back({{"state", state_name(state)},
                      {"authority_s", ta},
                      {"candidate_s", tb},
                      {"ratio", tb / ta},
                      {"slower", is_slower}});
    if (is_slower) slower.push_back(state_name(state));
  }
  return Json{{"authority_run_id", authority},
              {"candidate_run_id", candidate},
              {"threshold", threshold},
              {"alike", unlike.empty()},
              {"differences", unlike},
              {"states", states},
              {"slower", slower}};
}

}  // namespace placewright::lanes
