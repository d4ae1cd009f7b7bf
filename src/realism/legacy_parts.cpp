#include "realism/legacy_parts.hpp"

#include <algorithm>
#include <cmath>

#include "realism/gates.hpp"

namespace placewright::realism {

std::string now_utc() { return store::wall_time().substr(0, 19) + "Z"; }

Json identity(const store::RunFolder& run) {
  const auto& id = run.identity();
  return {{"run_id", id.run_id},
          {"seed", id.seed},
          {"manifest_fingerprint", id.manifest_fingerprint},
          {"parameter_hash", id.parameter_hash},
          {"run_root", store::RunFolder::printed(run.root())}};
}

Result<std::string> shown(const store::RunFolder& run, std::string_view dataset) {
  PW_TRY(const auto path, run.target(dataset));
  return store::RunFolder::printed(path);
}

std::filesystem::path out_folder(const LegacyOptions& options) {
  return options.out.empty() ? options.runs_root / "reports" : options.out;
}

Result<store::RunFolder> run_of(const LegacyOptions& options, const std::string& run_id,
                                const contracts::Dictionary& dictionary) {
  return open_run(options.runs_root / run_id, dictionary);
}

Result<Json> read_baseline(const std::filesystem::path& file) {
  auto baseline = store::read_json(file);
  if (!baseline) return std::move(baseline).error().as("RS05_BASELINE_INVALID").with("key", "");
  for (const char* key :
       {"/metrics/eligible_country_total", "/metrics/nn_p99_p50_ratio", "/metrics/country_gini", "/metrics/top10_share",
        "/metrics/top5_share", "/metrics/top1_share", "/baseline_authority/run_root"}) {
    if (!baseline->contains(Json::json_pointer(key))) {
      return Error("RS05_BASELINE_INVALID", file.string() + " has no " + std::string(key + 1)).with("key", key);
    }
  }
  return baseline;
}

Result<std::filesystem::path> baseline_run_root(const Json& baseline) {
  const auto& root = baseline["baseline_authority"]["run_root"];
  if (!root.is_string())
    return Error("RS05_BASELINE_INVALID", "baseline_authority/run_root is no text").with("key", "run_root");
  return std::filesystem::path(root.get<std::string>());
}

Result<std::filesystem::path> write_sorted(const std::filesystem::path& folder, const std::string& name,
                                           const Json& value) {
  const auto file = folder / name;
  PW_CHECK(store::write_text(file, value.dump(2, ' ', true)));
  return file;
}

Json concentration_json(const Concentration& c) {
  return {{"country_gini", c.gini}, {"top1_share", c.top1}, {"top5_share", c.top5}, {"top10_share", c.top10}};
}

Json deltas(const Json& after, const Json& before, const std::vector<std::string>& names) {
  Json out = Json::object();
  for (const auto& name : names) out[name] = number_at(after, name) - number_at(before, name);
  return out;
}

bool all_true(const Json& checks) {
  return std::ranges::all_of(checks, [](const Json& check) { return check == Json(true); });
}

bool not_worse(const Json& after, const Json& before, const std::vector<std::string>& names) {
  return std::ranges::all_of(
      names, [&](const auto& name) { return number_at(after, name) <= number_at(before, name) + kSlack; });
}

bool parity_ok(const Json& s8_report) {
  return flag_at(s8_report, "parity_ok") || flag_at(s8_report, "sizes/parity_ok");
}

void put(Json& target, const std::string& name, double value) {
  if (std::isfinite(value)) {
    target[name] = value;
    return;
  }
  target[name] = nullptr;
  target[name + "_nonfinite"] = std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

Json thresholds(bool b_plus, bool with_neighbours) {
  Json out = Json::object();
  for (const auto& gate : gates()) {
    if (gate.owner == Owner::placement && !with_neighbours) continue;
    out[std::string(gate.key)] = b_plus ? gate.b_plus : gate.b;
  }
  return out;
}

Json checks_of(const Json& metrics, bool b_plus) {
  Json out = Json::object();
  for (const auto& gate : gates()) {
    if (gate.owner == Owner::placement) continue;
    out[std::string(gate.name)] = passes(gate, number_at(metrics, gate.name), b_plus ? Level::b_plus : Level::b);
  }
  return out;
}

}  // namespace placewright::realism
