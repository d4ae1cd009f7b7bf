#include "lanes/records.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "hash/sha256.hpp"
#include "lanes/pretty.hpp"
#include "lanes/repro.hpp"
#include "store/files.hpp"
#include "store/receipt.hpp"

namespace placewright::lanes {
namespace {

enum class Shape { text, run_id, hex64, number, flag, list, object };
struct Field {
  std::string_view name;
  Shape shape;
};
using Fields = std::vector<Field>;

const Fields kBaseline = {{"role", Shape::text},
                          {"run_id", Shape::run_id},
                          {"seed", Shape::number},
                          {"manifest_fingerprint", Shape::hex64},
                          {"parameter_hash", Shape::hex64},
                          {"run_root", Shape::text},
                          {"scorecard_json", Shape::text},
                          {"pinned_utc", Shape::text},
                          {"immutable", Shape::flag}};
const Fields kPointer = {{"role", Shape::text},       {"phase", Shape::text},      {"run_id", Shape::run_id},
                         {"run_root", Shape::text},   {"score_json", Shape::text}, {"lock_record", Shape::text},
                         {"updated_utc", Shape::text}};
const Fields kLock = {{"phase", Shape::text},
                      {"accepted_run_id", Shape::run_id},
                      {"repro_run_id", Shape::run_id},
                      {"seed", Shape::number},
                      {"manifest_fingerprint", Shape::hex64},
                      {"parameter_hash", Shape::hex64},
                      {"policies", Shape::list},
                      {"build_commit", Shape::text},
                      {"score_json", Shape::text},
                      {"repro_check_json", Shape::text},
                      {"metrics", Shape::object},
                      {"deltas", Shape::object},
                      {"freeze_statement", Shape::text},
                      {"locked_utc", Shape::text}};
const Fields kEnvelope = {{"locks", Shape::object},         {"active_policies", Shape::list},
                          {"scorers", Shape::list},         {"baseline_json_sha256", Shape::text},
                          {"freeze_boundary", Shape::text}, {"created_utc", Shape::text}};
const Fields kWave = {{"wave", Shape::text},
                      {"max_candidates", Shape::number},
                      {"promoted_candidates", Shape::list},
                      {"rejected_candidates", Shape::list},
                      {"guard_artifacts", Shape::list}};
const Fields kCertificate = {{"runs", Shape::list}};

bool fits(const Json& value, Shape shape) {
  switch (shape) {
    case Shape::text:
      return value.is_string();
    case Shape::run_id:
      return value.is_string() && is_hex(value.get<std::string>(), 32);
    case Shape::hex64:
      return value.is_string() && is_hex(value.get<std::string>(), 64);
    case Shape::number:
      return value.is_number();
    case Shape::flag:
      return value.is_boolean();
    case Shape::list:
      return value.is_array();
    case Shape::object:
      return value.is_object();
  }
  return false;
}

Result<void> check_shape(const Json& record, const Fields& fields, const fs::path& file) {
  if (!record.is_object()) return Error("LANE_RECORD", file.string() + " is not a JSON object");
  for (const auto& [name, shape] : fields) {
    if (!fits(record.value(std::string(name), Json()), shape)) {
      return Error("LANE_RECORD", file.string() + ": field " + std::string(name) + " is missing or has another type");
    }
  }
  return {};
}

Result<Json> write_record(const fs::path& file, Json record, const Fields& fields) {
  PW_CHECK(check_shape(record, fields, file));
  PW_CHECK(write_pretty(file, record));
  return record;
}

// Absent: a null.
Result<Json> read_record(const fs::path& file, const Fields& fields) {
  std::error_code error;
  if (!fs::exists(file, error)) return Json();
  auto record = store::read_json(file);
  if (!record) return std::move(record).error().as("LANE_RECORD");
  PW_CHECK(check_shape(*record, fields, file));
  return record;
}

Result<store::Receipt> run_of(const fs::path& root, const std::string& run_id) {
  auto receipt = store::read_receipt(root / run_id);
  if (!receipt) return std::move(receipt).error().as("LANE_RUN");
  return receipt;
}

std::string lower(std::string text) {
  for (auto& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

Result<std::string> phase_name(const std::string& phase) {
  const auto name = lower(phase);
  const bool plain = !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
  });
  if (!plain) return Error("PW_USAGE", "a phase is named like P2, not " + phase);
  return name;
}

fs::path report(const fs::path& root, const std::string& name) {
  return root / "reports" / ("segment1b_" + name + ".json");
}
fs::path lock_file(const fs::path& root, const std::string& phase) { return report(root, phase + "_lock_record"); }
fs::path envelope_file(const fs::path& root) { return report(root, "p4_authority_envelope"); }

std::string second_utc() { return store::wall_time().substr(0, 19) + "Z"; }

Json found_in(const Json& score, std::initializer_list<const char*> pointers) {
  for (const char* pointer : pointers) {
    const auto at = Json::json_pointer(pointer);
    if (score.contains(at) && score[at].is_object()) return score[at];
  }
  return Json::object();
}

struct Gate {
  std::string_view metric, limit, lane;
};
// Countries are counted by the catalogue alone; only distances between sites belong to placement (spec realism §6.1).
constexpr std::array<Gate, 7> kGates = {
    {{"country_gini", "country_gini_max", "catalogue"},
     {"top10_share", "top10_share_max", "catalogue"},
     {"top5_share", "top5_share_max", "catalogue"},
     {"top1_share", "top1_share_max", "catalogue"},
     {"eligible_country_nonzero_share", "eligible_country_nonzero_share_min", "catalogue"},
     {"southern_hemisphere_share", "southern_hemisphere_share_min", "catalogue"},
     {"nn_tail_contraction", "nn_improvement_min", "S4 to S9"}}};

}  // namespace

Result<fs::path> pointer_file(const fs::path& root, std::string_view role) {
  if (role == "baseline_authority") return root / "baseline_authority/baseline_pointer.json";
  if (role == "current_candidate" || role == "last_good") {
    return root / role / (std::string(role) + "_pointer.json");
  }
  return Error("PW_USAGE", "a pointer is baseline_authority, current_candidate or last_good, not " + std::string(role));
}

Result<Json> set_pointer(const fs::path& root, const PointerChange& change) {
  PW_TRY(const auto file, pointer_file(root, change.role));
  PW_TRY(const auto receipt, run_of(root, change.run_id));
  const auto run_root = (root / change.run_id).generic_string();
  if (change.role != "baseline_authority") {
    return write_record(file,
                        {{"role", change.role},
                         {"phase", change.phase},
                         {"run_id", change.run_id},
                         {"run_root", run_root},
                         {"score_json", change.score_json},
                         {"lock_record", change.lock_record},
                         {"updated_utc", second_utc()}},
                        kPointer);
  }
  PW_TRY(auto there, read_record(file, kBaseline));
  if (!there.is_null() && there["run_id"] == change.run_id) return there;
  if (!there.is_null()) {
    return Error("LANE_IMMUTABLE",
                 "the baseline is run " + there["run_id"].get<std::string>() + "; it is reopened as phase baseline");
  }
  const auto& id = receipt.identity;
  return write_record(file,
                      {{"role", change.role},
                       {"run_id", id.run_id},
                       {"seed", id.seed},
                       {"manifest_fingerprint", id.manifest_fingerprint},
                       {"parameter_hash", id.parameter_hash},
                       {"run_root", run_root},
                       {"scorecard_json", change.score_json},
                       {"pinned_utc", second_utc()},
                       {"immutable", true}},
                      kBaseline);
}

Result<Json> repro_check(const fs::path& root, const ReproInput& input) {
  PW_TRY(const auto phase, phase_name(input.phase));
  PW_TRY(const auto a, run_of(root, input.run_a));
  PW_TRY(const auto b, run_of(root, input.run_b));
  PW_TRY(const auto check, compare_runs(a, b, input.score_a, input.score_b));
  PW_CHECK(write_pretty(report(root, phase + "_repro_check_" + input.run_a + "_" + input.run_b), check));
  return check;
}

Result<Json> lock_phase(const fs::path& root, const LockInput& input) {
  PW_TRY(const auto phase, phase_name(input.repro.phase));
  const auto& accepted = input.repro.run_a;
  const auto& witness = input.repro.run_b;
  const auto file = lock_file(root, phase);
  PW_TRY(auto there, read_record(file, kLock));
  if (!there.is_null()) {
    if (there["accepted_run_id"] == accepted && there["repro_run_id"] == witness) return there;
    return Error("LANE_IMMUTABLE",
                 "phase " + input.repro.phase + " is locked on run " + there["accepted_run_id"].get<std::string>());
  }
  if (accepted == witness)
    return Error("LANE_REPRO",
                 "a run is no witness of itself; make one with `placewright lane rerun " + accepted + " --from S1`");
  PW_TRY(const auto check, repro_check(root, input.repro));
  if (!check["all_equal"].get<bool>())
    return Error("LANE_REPRO", "runs " + accepted + " and " + witness + " are not equal");
  PW_TRY(const auto receipt, run_of(root, accepted));
  PW_TRY(const auto seal, seal_of(receipt));
  Json score = Json::object();
  if (!input.repro.score_a.empty()) {
    PW_TRY(score, store::read_json(input.repro.score_a));
  }
  const auto& id = receipt.identity;
  return write_record(
      file,
      {{"phase", upper(phase)},
       {"accepted_run_id", accepted},
       {"repro_run_id", witness},
       {"seed", id.seed},
       {"manifest_fingerprint", id.manifest_fingerprint},
       {"parameter_hash", id.parameter_hash},
       {"policies", policies_of(receipt, seal)},
       {"build_commit", seal.value(Json::json_pointer("/choices/build_commit"), std::string())},
       {"score_json", input.repro.score_a},
       {"repro_check_json", report(root, phase + "_repro_check_" + accepted + "_" + witness).generic_string()},
       {"metrics", found_in(score, {"/candidate/metrics", "/metrics"})},
       {"deltas", found_in(score, {"/delta", "/delta_vs_p2_lock", "/delta_vs_p3_lock"})},
       {"freeze_statement", input.statement},
       {"locked_utc", second_utc()}},
      kLock);
}

Result<Json> reopen(const fs::path& root, const Reopening& reopening) {
  PW_TRY(const auto phase, phase_name(reopening.phase));
  if (reopening.approved_by.empty()) return Error("PW_USAGE", "a reopening needs the name of who approved it");
  PW_TRY(const auto evidence, hash::sha256_file(reopening.evidence));
  PW_TRY(const auto baseline, pointer_file(root, "baseline_authority"));
  const auto file = phase == "baseline" ? baseline : phase == "envelope" ? envelope_file(root) : lock_file(root, phase);
  std::error_code error;
  int number = 1;
  const auto record = [&](int n) { return report(root, phase + "_reopen_record_" + std::to_string(n)); };
  while (fs::exists(record(number), error)) ++number;
  if (!fs::exists(file, error)) {
    // A repeat after a kill: the record is there, and so is the move.
    if (number > 1) return store::read_json(record(number - 1));
    return Error("PW_INPUT", "there is nothing to reopen: " + file.string());
  }
  const fs::path aside = file.string() + ".reopened_" + std::to_string(number);
  const Json json = {{"phase", reopening.phase},
                     {"evidence", reopening.evidence},
                     {"evidence_sha256", evidence.sha256_hex},
                     {"approved_by", reopening.approved_by},
                     {"old_record", aside.generic_string()},
                     {"reopened_utc", second_utc()}};
  PW_CHECK(write_pretty(record(number), json));
  PW_CHECK(store::rename_path(file, aside));
  return json;
}

Result<Json> envelope(const fs::path& root, const std::string& boundary) {
  PW_TRY(auto there, read_record(envelope_file(root), kEnvelope));
  if (!there.is_null()) return Error("LANE_IMMUTABLE", "there is an envelope already: " + envelope_file(root).string());
  Json locks = Json::object(), policies = Json::array();
  for (const char* phase : {"p1", "p2", "p3"}) {
    const auto file = lock_file(root, phase);
    PW_TRY(const auto lock, read_record(file, kLock));
    if (lock.is_null()) continue;
    PW_TRY(const auto digest, hash::sha256_file(file));
    locks[upper(phase)] = {{"run_id", lock["accepted_run_id"]}, {"lock_record_sha256", digest.sha256_hex}};
    policies = lock["policies"];
  }
  if (locks.empty())
    return Error("PW_INPUT", "an envelope needs the lock of P1, P2 or P3 in " + (root / "reports").string());
  PW_TRY(const auto baseline, pointer_file(root, "baseline_authority"));
  std::error_code error;
  std::string digest;
  if (fs::exists(baseline, error)) {
    PW_TRY(const auto found, hash::sha256_file(baseline));
    digest = found.sha256_hex;
  }
  Json scorers = Json::array();
  for (const char* name : {"P0", "P1", "P2", "P3", "P4"}) scorers.push_back({{"name", name}, {"version", "1"}});
  return write_record(envelope_file(root),
                      {{"locks", locks},
                       {"active_policies", policies},
                       {"scorers", scorers},
                       {"baseline_json_sha256", digest},
                       {"freeze_boundary", boundary},
                       {"created_utc", second_utc()}},
                      kEnvelope);
}

Result<Json> red_reopen(const fs::path& root, const std::string& p4_json) {
  PW_TRY(const auto p4, store::read_json(p4_json));
  try {
    const auto run_id = p4.at("candidate").at("run").at("run_id").get<std::string>();
    if (p4.at("status") != "RED_REOPEN_REQUIRED") {
      return Error("LANE_RECORD",
                   p4_json + " is " + p4.at("status").get<std::string>() + ", not red: there is nothing to reopen");
    }
    const auto& metrics = p4.at("candidate").at("metrics");
    Json failing = Json::array();
    std::vector<std::string> wanted;
    for (const auto& gate : kGates) {
      const std::string metric(gate.metric);
      if (p4.at("grade_checks").at("B").at(metric).get<bool>()) continue;
      const auto& limit = p4.at("thresholds").at("B").at(std::string(gate.limit));
      const auto observed = gate.metric == "nn_tail_contraction"
                                ? p4.at("nn_contraction_vs_p0_baseline").at("improvement_fraction")
                                : metrics.at(metric);
      failing.push_back({{"metric", metric},
                         {"observed", observed},
                         {"threshold", limit},
                         {"breach", observed.get<double>() - limit.get<double>()}});
      if (!std::ranges::count(wanted, gate.lane)) wanted.emplace_back(gate.lane);
    }
    const Json record = {{"run_id", run_id},
                         {"status", p4.at("status")},
                         {"failing_gates", failing},
                         {"recommended_lanes", wanted},
                         {"approval_required", true}};
    PW_CHECK(write_pretty(report(root, "p4_red_reopen_" + run_id), record));
    return record;
  } catch (const Json::exception& e) {
    return Error("LANE_RECORD", p4_json + " is not an artefact of P4: " + e.what());
  }
}

Result<Json> wave_summary(const fs::path& root, const std::string& wave,
                          const std::vector<std::string>& guard_artefacts) {
  constexpr std::size_t kMost = 2;
  PW_TRY(const auto name, phase_name(wave));
  Json promoted = Json::array(), rejected = Json::array();
  for (const auto& file : guard_artefacts) {
    PW_TRY(const auto artefact, store::read_json(file));
    const auto run_id = artefact.value(Json::json_pointer("/candidate/run/run_id"), std::string());
    if (!is_hex(run_id, 32)) return Error("LANE_RECORD", file + " is not an artefact of the freeze guard");
    const bool passed = artefact.value("status", Json()) == "PASS";
    if (passed && promoted.size() < kMost)
      promoted.push_back(run_id);
    else
      rejected.push_back({{"run_id", run_id}, {"reason", passed ? "wave_is_full" : "freeze_guard_fail"}});
  }
  return write_record(report(root, "p4r2_" + name + "_guard_summary"),
                      {{"wave", name},
                       {"max_candidates", kMost},
                       {"promoted_candidates", promoted},
                       {"rejected_candidates", rejected},
                       {"guard_artifacts", guard_artefacts}},
                      kWave);
}

Result<std::vector<RecordFile>> records_in_force(const fs::path& root) {
  std::vector<std::pair<fs::path, const Fields*>> files;
  for (const char* role : {"baseline_authority", "current_candidate", "last_good"}) {
    PW_TRY(const auto file, pointer_file(root, role));
    files.emplace_back(file, std::string_view(role) == "baseline_authority" ? &kBaseline : &kPointer);
  }
  std::vector<fs::path> reports;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root / "reports", error)) reports.push_back(entry.path());
  std::ranges::sort(reports);
  for (const auto& file : reports) {
    const auto name = file.filename().string();
    if (name.ends_with("_lock_record.json")) files.emplace_back(file, &kLock);
    if (name.ends_with("_authority_envelope.json")) files.emplace_back(file, &kEnvelope);
    if (name.ends_with("_guard_summary.json")) files.emplace_back(file, &kWave);
    if (name.ends_with("_certification.json") || name.ends_with("_certification_plan.json"))
      files.emplace_back(file, &kCertificate);
  }
  std::vector<RecordFile> records;
  for (const auto& [file, fields] : files) {
    PW_TRY(auto record, read_record(file, *fields));
    if (!record.is_null()) records.push_back({file.lexically_relative(root).generic_string(), std::move(record)});
  }
  return records;
}

std::vector<std::string> runs_named(const RecordFile& record, const std::vector<std::string>& runs) {
  // A wave's rejected runs are not needed by anyone.
  const auto text =
      compact(record.name.ends_with("_guard_summary.json") ? record.json["promoted_candidates"] : record.json);
  std::vector<std::string> named;
  for (const auto& run : runs) {
    if (text.find(run) != std::string::npos) named.push_back(run);
  }
  return named;
}

}  // namespace placewright::lanes
