#include "realism/certify_seed.hpp"

#include <algorithm>
#include <tuple>

#include "hash/sha256.hpp"
#include "realism/diagnostics.hpp"
#include "realism/legacy_parts.hpp"
#include "table/table.hpp"

namespace placewright::realism {
namespace {

constexpr std::array<const char*, 4> kPolicies = {"s2_tile_weights_policy", "s3_requirements_policy",
                                                  "s4_alloc_plan_policy", "jitter_policy"};
constexpr std::array<std::size_t, 4> kIntervalGates = {0, 1, 2, 3};  // gini, top10, top5, top1

// Every policy of the bundle with its digest.
Json policy_bundle(const store::RunFolder& run) {
  Json out = Json::object();
  for (const auto* id : kPolicies) {
    const auto file = run.locate(id);
    const auto digest = file ? hash::sha256_file(*file) : Result<hash::FileDigest>(file.error());
    out[id] = digest ? Json(digest->sha256_hex) : Json();
  }
  return out;
}

Result<std::uint64_t> duplicate_keys(const store::RunFolder& run) {
  PW_TRY(const auto path, run.target("site_locations"));
  PW_TRY(const auto data, table::Dataset::open(path));
  std::vector<std::tuple<std::uint64_t, Iso, std::int32_t>> keys;
  for (std::size_t group = 0; group < data.groups(); ++group) {
    PW_TRY(const auto batch, data.read(group, {{"merchant_id", table::Kind::u64},
                                               {"legal_country_iso", table::Kind::text},
                                               {"site_order", table::Kind::i32}}));
    PW_TRY(const auto countries, table::isos(batch.text(1), "legal_country_iso"));
    for (std::size_t row = 0; row < batch.rows; ++row)
      keys.emplace_back(batch.u64(0)[row], countries[row], batch.i32(2)[row]);
  }
  std::ranges::sort(keys);
  return static_cast<std::uint64_t>(keys.end() - std::unique(keys.begin(), keys.end()));
}

bool s9_passed(const store::RunFolder& run) {
  const auto flag = run.target("validation_passed_flag_1B");
  std::error_code error;
  return flag && std::filesystem::is_regular_file(*flag, error);
}

Result<Json> structure(const store::RunFolder& run, const Grade& grade) {
  PW_TRY(const auto duplicates, duplicate_keys(run));
  return Json{{"s9_pass", s9_passed(run)},
              {"s8_parity_ok", grade.parity},
              {"no_duplicate_keys", duplicates == 0},
              {"coordinate_bounds_valid", grade.metrics.bounds_valid},
              {"nn_median_above_zero", grade.p50_m > 0},
              {"collapse_sentinel_clear", std::ranges::none_of(grade.shapes, &CountryShape::flagged)}};
}

// Floors the S2 policy sets, on the shares of sites, for regions with a country in the catalogue.
Result<Json> region_floors(const store::RunFolder& run, const Grade& grade, const Regions& regions) {
  PW_TRY(const auto s2, read_report(run, "s2_run_report", "S2"));
  const auto shares = region_shares(grade, regions);
  const auto floors = s2.value(Json::json_pointer("/blend_v2_diagnostics/region_floor_share"), Json::object());
  Json out = Json::array();
  for (const auto& [region, floor] : floors.items()) {
    const auto share = shares.find(region);
    if (share == shares.end() || !floor.is_number() || floor.get<double>() <= 0) continue;
    out.push_back({{"region", region},
                   {"floor", floor},
                   {"observed", share->second},
                   {"pass", share->second + kSlack >= floor.get<double>()}});
  }
  return out;
}

bool floors_met(const Json& floors) {
  return std::ranges::all_of(floors, [](const Json& row) { return row["pass"].get<bool>(); });
}

bool below_baseline(const Grade& g, const std::optional<Grade>& baseline) {
  if (!baseline) return true;
  return g.metrics.spread.gini < baseline->metrics.spread.gini &&
         g.metrics.spread.top1 < baseline->metrics.spread.top1 &&
         g.metrics.spread.top5 < baseline->metrics.spread.top5 &&
         g.metrics.spread.top10 < baseline->metrics.spread.top10;
}

bool gates_pass(const Seed& seed, Level level) {
  for (std::size_t i = 0; i < gates().size(); ++i) {
    if (!passes(gates()[i], seed.grade.gate_values[i], level)) return false;
  }
  return true;
}

bool intervals_pass(const Seed& seed, Level level) {
  return std::ranges::all_of(kIntervalGates, [&](std::size_t i) {
    return seed.intervals[i].high < (level == Level::b_plus ? gates()[i].b_plus : gates()[i].b);
  });
}

}  // namespace

Result<Seed> judge(const std::filesystem::path& root, const CertifyOptions& options,
                   const std::optional<Grade>& baseline, const Regions& regions,
                   const contracts::Dictionary& dictionary, work::Pool& pool) {
  PW_TRY(const auto run, open_run(root, dictionary));
  Seed out;
  out.seed = run.identity().seed;
  out.run_id = run.identity().run_id;
  GradeOptions how;
  how.baseline = options.baseline;
  how.people = false;
  PW_TRY(out.grade, grade_run(run, how, pool));
  PW_TRY(out.structural, structure(run, out.grade));
  PW_TRY(out.floors, region_floors(run, out.grade, regions));
  PW_TRY(out.intervals, bootstrap(out.grade.frame, out.seed, options.replicates, pool));
  out.policies = policy_bundle(run);
  out.soft = soft_diagnostics(out.grade, regions, baseline);
  out.structural["below_baseline_concentration"] = below_baseline(out.grade, baseline);
  const bool sound = all_true(out.structural) && floors_met(out.floors);
  out.pass = {sound && gates_pass(out, Level::b) && intervals_pass(out, Level::b),
              sound && gates_pass(out, Level::b_plus) && intervals_pass(out, Level::b_plus)};
  return out;
}

Json seed_json(const Seed& seed) {
  Json metrics = Json::object(), b = Json::object(), b_plus = Json::object(), ci = Json::object();
  for (std::size_t i = 0; i < gates().size(); ++i) {
    const auto& gate = gates()[i];
    metrics[std::string(gate.name)] = seed.grade.gate_values[i];
    b[std::string(gate.name)] = passes(gate, seed.grade.gate_values[i], Level::b);
    b_plus[std::string(gate.name)] = passes(gate, seed.grade.gate_values[i], Level::b_plus);
  }
  for (const auto i : kIntervalGates) {
    const auto& interval = seed.intervals[i];
    ci[std::string(gates()[i].name)] = {{"point", interval.point}, {"lo", interval.low}, {"hi", interval.high}};
  }
  metrics["nn_p99_p50_ratio"] = seed.grade.metrics.nn_ratio;
  return {{"metrics", metrics},           {"B", b},   {"B_plus", b_plus},  {"structural", seed.structural},
          {"region_floors", seed.floors}, {"ci", ci}, {"soft", seed.soft}, {"B_all", seed.pass[0]},
          {"B_plus_all", seed.pass[1]}};
}

void add_failures(const Seed& seed, Json& failing) {
  for (const auto level : {Level::b, Level::b_plus}) {
    for (std::size_t i = 0; i < gates().size(); ++i) {
      const auto& gate = gates()[i];
      const double limit = level == Level::b_plus ? gate.b_plus : gate.b;
      const auto fail = [&](const std::string& name, double value) {
        failing.push_back(
            {{"seed", seed.seed}, {"gate", name}, {"level", name_of(level)}, {"observed", value}, {"limit", limit}});
      };
      if (!passes(gate, seed.grade.gate_values[i], level)) fail(std::string(gate.name), seed.grade.gate_values[i]);
      if (i < seed.intervals.size() && !(seed.intervals[i].high < limit))
        fail(std::string(gate.name) + "_ci_hi", seed.intervals[i].high);
    }
  }
  for (const auto& [name, pass] : seed.structural.items()) {
    if (pass != Json(true)) failing.push_back({{"seed", seed.seed}, {"gate", name}, {"level", "B"}});
  }
  for (const auto& row : seed.floors) {
    if (!row["pass"].get<bool>())
      failing.push_back({{"seed", seed.seed},
                         {"gate", "region_floor " + row["region"].get<std::string>()},
                         {"level", "B"},
                         {"observed", row["observed"]},
                         {"limit", row["floor"]}});
  }
}

}  // namespace placewright::realism
