#include "realism/certify.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "realism/certify_seed.hpp"
#include "realism/diagnostics.hpp"
#include "realism/legacy_parts.hpp"
#include "realism/statistics.hpp"

namespace placewright::realism {
namespace {

constexpr std::array<double, 2> kVariationLimits = {0.30, 0.20};  // B, B+

Json variation(const std::vector<Seed>& seeds, std::array<bool, 2>& pass) {
  Json out = Json::object();
  pass = {!seeds.empty(), !seeds.empty()};
  for (std::size_t i = 0; i < gates().size(); ++i) {
    std::vector<double> values;
    for (const auto& seed : seeds) values.push_back(seed.grade.gate_values[i]);
    if (values.empty()) continue;
    const double cv = coefficient_of_variation(values);
    put(out, std::string(gates()[i].name), cv);
    for (std::size_t k = 0; k < 2; ++k) pass[k] = pass[k] && cv <= kVariationLimits[k];
  }
  return out;
}

struct Found {
  std::vector<Seed> seeds;  // ascending by position in kRequiredSeeds, then others
  Json runs = Json::array(), failed = Json::array();
};

Found judge_all(const CertifyOptions& options, const std::optional<Grade>& baseline, const Regions& regions,
                const contracts::Dictionary& dictionary, work::Pool& pool) {
  Found out;
  for (const auto& root : options.runs) {
    auto seed = judge(root, options, baseline, regions, dictionary, pool);
    if (!seed) {
      const auto run = open_run(root, dictionary);
      const Json number = run ? Json(run->identity().seed) : Json();
      out.runs.push_back({{"seed", number},
                          {"run_id", root.filename().string()},
                          {"p4_json", nullptr},
                          {"status", seed.error().code()}});
      out.failed.push_back(number);
      continue;
    }
    const auto level = seed->pass[1] ? Level::b_plus : seed->pass[0] ? Level::b : Level::below_b;
    out.runs.push_back(
        {{"seed", seed->seed}, {"run_id", seed->run_id}, {"p4_json", nullptr}, {"status", name_of(level)}});
    if (level == Level::below_b) out.failed.push_back(seed->seed);
    out.seeds.push_back(std::move(*seed));
  }
  std::ranges::stable_sort(out.seeds, {}, &Seed::seed);
  return out;
}

Json missing_seeds(const std::vector<Seed>& seeds) {
  Json out = Json::array();
  for (const auto wanted : kRequiredSeeds) {
    if (std::ranges::find(seeds, wanted, &Seed::seed) == seeds.end()) out.push_back(wanted);
  }
  return out;
}

bool one_bundle(const std::vector<Seed>& seeds) {
  return std::ranges::all_of(seeds, [&](const Seed& seed) { return seed.policies == seeds.front().policies; });
}

Result<std::optional<Grade>> read_baseline_run(const CertifyOptions& options, const contracts::Dictionary& dictionary,
                                               work::Pool& pool) {
  if (options.baseline.empty()) return std::optional<Grade>();
  PW_TRY(const auto run, open_run(options.baseline, dictionary));
  GradeOptions how;
  how.people = false;
  PW_TRY(auto grade, grade_run(run, how, pool));
  return std::optional<Grade>(std::move(grade));
}

Level decide(const Found& found, const Json& missing, bool same_bundle, const std::array<bool, 2>& stable) {
  if (found.seeds.empty() || !missing.empty() || !same_bundle || found.seeds.size() < found.runs.size())
    return Level::below_b;
  const auto all = [&](std::size_t k) {
    return stable[k] && std::ranges::all_of(found.seeds, [&](const Seed& s) { return s.pass[k]; });
  };
  return all(1) ? Level::b_plus : all(0) ? Level::b : Level::below_b;
}

}  // namespace

Result<Certificate> certify(const CertifyOptions& options, const contracts::Dictionary& dictionary, work::Pool& pool) {
  PW_TRY(const auto regions, Regions::read({}));
  PW_TRY(const auto baseline, read_baseline_run(options, dictionary, pool));
  const auto found = judge_all(options, baseline, regions, dictionary, pool);
  Json per_seed = Json::object(), failing = Json::array();
  for (const auto& seed : found.seeds) {
    per_seed[std::to_string(seed.seed)] = seed_json(seed);
    add_failures(seed, failing);
  }
  std::array<bool, 2> stable{};
  const auto stability = variation(found.seeds, stable);
  const auto missing = missing_seeds(found.seeds);
  const bool same = one_bundle(found.seeds);
  if (!same) failing.push_back({{"gate", "policy_bundle_identical"}, {"level", "B"}});
  for (std::size_t k = 0; k < 2; ++k) {
    if (!stable[k])
      failing.push_back(
          {{"gate", "coefficient_of_variation"}, {"level", k ? "B_plus" : "B"}, {"limit", kVariationLimits[k]}});
  }
  Certificate out;
  out.level = decide(found, missing, same, stable);
  out.card = {{"generated_utc", now_utc()},
              {"phase", "P5"},
              {"segment", "1B"},
              {"policy_bundle", found.seeds.empty() ? Json::object() : found.seeds.front().policies},
              {"policy_bundle_identical", same},
              {"required_seeds", kRequiredSeeds},
              {"missing_seeds", missing},
              {"failed_seeds", found.failed},
              {"runs", found.runs},
              {"baseline", baseline ? baseline->identity : Json()},
              {"bootstrap", {{"key", kBootstrapKey}, {"replicates", options.replicates}}},
              {"per_seed", per_seed},
              {"stability", stability},
              {"stability_pass", {{"B", stable[0]}, {"B_plus", stable[1]}}},
              {"evidence", evidence(found.seeds, baseline, pool)},
              {"grade", name_of(out.level)},
              {"failing_gates", failing}};
  return out;
}

}  // namespace placewright::realism
