#include "lanes/repro.hpp"

#include <algorithm>
#include <fstream>
#include <map>

#include "base/text.hpp"
#include "hash/sha256.hpp"
#include "lanes/matrix.hpp"
#include "lanes/stage.hpp"
#include "store/files.hpp"

namespace placewright::lanes {
namespace {

namespace fs = std::filesystem;

// Digest of a file or folder, texts with the run's id left out.
Result<std::string> digest_without_id(const fs::path& path, const std::string& run_id) {
  std::error_code error;
  std::vector<std::string> names = {""};
  if (fs::is_directory(path, error)) {
    PW_TRY(names, hash::files_below(path));
  }
  hash::Sha256 digest;
  for (const auto& name : names) {
    const auto file = name.empty() ? path : path / name;
    if (file.extension() != ".json" && file.extension() != ".jsonl") {
      PW_TRY(const auto found, hash::sha256_file(file));
      digest.update(found.sha256_hex);
      continue;
    }
    std::ifstream in(file, std::ios::binary);
    if (!in) return Error("PW_IO", "cannot read " + file.string());
    std::string line;
    while (std::getline(in, line)) {
      for (auto at = line.find(run_id); at != std::string::npos; at = line.find(run_id, at))
        line.erase(at, run_id.size());
      digest.update(line);
      digest.update("\n");
    }
  }
  return hash::hex(digest.digest());
}

Result<std::map<std::string, std::string>> digests(const store::Receipt& run) {
  std::map<std::string, std::string> found;
  for (int state = 0; state < kStates; ++state) {
    const auto receipt = state_receipt(run.run_root, state);
    if (!receipt) continue;
    for (const auto& output : receipt->value("outputs", Json::array())) {
      const auto id = output.value("dataset", std::string());
      if (id == "validation_bundle_1B") continue;
      PW_TRY(found[id], digest_without_id(run.run_root / output.value("path", std::string()), run.identity.run_id));
    }
  }
  return found;
}

void compare(Json& list, const std::string& field, const Json& a, const Json& b) {
  list.push_back({{"field", field}, {"equal", a == b}});
}

Json s2_report(const store::Receipt& run) {
  const auto file = run.run_root / "reports/layer1/1B/state=S2" / ("parameter_hash=" + run.identity.parameter_hash) /
                    "s2_run_report.json";
  auto report = store::read_json(file);
  return report && report->is_object() ? std::move(*report) : Json::object();
}

bool passed(const store::Receipt& run) { return state_receipt(run.run_root, 9).has_value(); }

Result<void> compare_scores(Json& compared, const std::string& file_a, const std::string& file_b) {
  if (file_a.empty() || file_b.empty()) return {};
  PW_TRY(const auto a, store::read_json(file_a));
  PW_TRY(const auto b, store::read_json(file_b));
  for (const char* pointer : {"/checks", "/delta", "/candidate/metrics", "/metrics"}) {
    const auto at = Json::json_pointer(pointer);
    if (!a.contains(at) && !b.contains(at)) continue;
    compare(compared, "score" + std::string(pointer), a.contains(at) ? a[at] : Json(), b.contains(at) ? b[at] : Json());
  }
  return {};
}

}  // namespace

Result<Json> compare_runs(const store::Receipt& a, const store::Receipt& b, const std::string& score_a,
                          const std::string& score_b) {
  Json compared = Json::array(), bytes = Json::array();
  compare(compared, "seed", a.identity.seed, b.identity.seed);
  compare(compared, "parameter_hash", a.identity.parameter_hash, b.identity.parameter_hash);
  compare(compared, "manifest_fingerprint", a.identity.manifest_fingerprint, b.identity.manifest_fingerprint);
  compare(compared, "s9_passed", passed(a), passed(b));
  const auto report_a = s2_report(a), report_b = s2_report(b);
  for (const char* field :
       {"country_gini_proxy", "country_share_topk", "region_share_vector", "blend_v2_diagnostics"}) {
    compare(compared, field, report_a.value(field, Json()), report_b.value(field, Json()));
  }
  PW_CHECK(compare_scores(compared, score_a, score_b));
  PW_TRY(auto of_a, digests(a));
  PW_TRY(auto of_b, digests(b));
  for (const auto& [id, digest] : of_b) of_a.try_emplace(id, "");
  for (const auto& [id, digest] : of_a) {
    const auto& other = of_b[id];
    bytes.push_back({{"dataset", id}, {"sha_a", digest}, {"sha_b", other}, {"equal", digest == other}});
  }
  const auto equal = [](const Json& row) { return row["equal"].get<bool>(); };
  const bool all = passed(a) && std::ranges::all_of(compared, equal) && std::ranges::all_of(bytes, equal);
  return Json{{"run_a", a.identity.run_id},
              {"run_b", b.identity.run_id},
              {"compared", compared},
              {"bytes", bytes},
              {"all_equal", all}};
}

Result<Json> seal_of(const store::Receipt& run) {
  const auto file = run.run_root / "data/layer1/1B/sealed_inputs" /
                    ("manifest_fingerprint=" + run.identity.manifest_fingerprint) / "placewright_seal.json";
  auto seal = store::read_json(file);
  if (!seal || !seal->is_object()) return Error("LANE_SOURCE", "run " + run.identity.run_id + " has no seal");
  return seal;
}

Json policies_of(const store::Receipt& run, const Json& seal) {
  std::vector<fs::path> roots = {run.run_root / "reference"};
  for (const auto& root : run.fields.value("external_roots", Json::array())) {
    if (root.is_string()) roots.emplace_back(root.get<std::string>());
  }
  Json policies = Json::array();
  for (const auto& input : seal.value("inputs", Json::array())) {
    const auto path = input.value("path", std::string());
    if (path.find("/policy/") == std::string::npos || input["files"].empty()) continue;
    std::string version = "unknown";
    for (const auto& root : roots) {
      const auto text = store::read_text(root / path);
      if (!text) continue;
      for (const auto& line : split(*text, '\n')) {
        if (line.starts_with("policy_version:")) version = trim(line.substr(15));
      }
      break;
    }
    policies.push_back({{"file", fs::path(path).filename().string()},
                        {"version", version},
                        {"sha256", input["files"][0].value("sha256", std::string())}});
  }
  return policies;
}

}  // namespace placewright::lanes
