#include "realism/certify.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "hash/sha256.hpp"
#include "realism/grade.hpp"
#include "realism/legacy_parts.hpp"
#include "realism/nearest.hpp"
#include "realism/regions.hpp"
#include "realism/statistics.hpp"
#include "realism/svg.hpp"
#include "table/table.hpp"

namespace placewright::realism {
namespace {

constexpr std::array<const char*, 4> kPolicies = {"s2_tile_weights_policy", "s3_requirements_policy",
                                                  "s4_alloc_plan_policy", "jitter_policy"};
constexpr std::array<std::size_t, 4> kIntervalGates = {0, 1, 2, 3};  // gini, top10, top5, top1
constexpr std::array<double, 2> kVariationLimits = {0.30, 0.20};     // B, B+
constexpr std::size_t kComparedCountries = 10;

struct Seed {
  std::uint64_t seed = 0;
  std::string run_id;
  Grade grade;
  std::array<Interval, 4> intervals;
  Json structural, floors, policies, soft;
  std::array<bool, 2> pass{};  // B, B+
};

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

std::map<std::string, double> region_shares(const Grade& grade, const Regions& regions) {
  std::map<std::string, double> out;
  for (const auto& c : grade.metrics.counts) {
    out[std::string(regions.macro(c.country))] +=
        static_cast<double>(c.sites) / static_cast<double>(grade.metrics.spread.sites);
  }
  return out;
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

// Height times width of a country's box in km², its longitudes taken along the shortest arc.
double box_km2(const Frame& frame, const std::vector<std::uint32_t>& rows) {
  std::vector<double> lon, lat;
  for (const auto row : rows) lon.push_back(frame.lon[row]), lat.push_back(frame.lat[row]);
  const auto view = map_view(lon, lat);
  return std::max(1e-4, view.height * 111.32 * view.width * 111.32 * view.cos_lat);
}

struct Cluster {
  double score =
      0;  // mean over countries, weighed by sites, of mean neighbour distance / that of a uniform scatter in the box
  std::map<std::string, std::vector<double>> boxes;  // log10 km² by class of site count
};

Cluster cluster_of(const Grade& g) {
  Cluster out;
  double weights = 0;
  for (const auto& [country, rows] : rows_by_country(g.frame)) {
    if (rows.size() < 10) continue;
    const auto n = static_cast<double>(rows.size());
    const double box = box_km2(g.frame, rows);
    double mean = 0;
    for (const auto row : rows) mean += g.metrics.neighbour_of_site_m[row] / 1000 / n;
    out.score += n * mean / (0.5 * std::sqrt(box / n));
    weights += n;
    out.boxes[n >= 1000  ? "sites_1000_up"
              : n >= 100 ? "sites_100_to_999"
                         : "sites_10_to_99"]
        .push_back(std::log10(box));
  }
  out.score = weights > 0 ? out.score / weights : 0;
  return out;
}

Json soft_diagnostics(const Grade& g, const Regions& regions, const std::optional<Grade>& baseline) {
  double entropy = 0;
  for (const auto& c : g.metrics.counts) {
    const double share = static_cast<double>(c.sites) / static_cast<double>(g.metrics.spread.sites);
    entropy -= share * std::log(share);
  }
  auto cluster = cluster_of(g);
  Json boxes = Json::object();
  for (auto& [name, values] : cluster.boxes) {
    std::ranges::sort(values);
    boxes[name] = {{"countries", values.size()},
                   {"log10_km2_p50", quantile(values, 0.5)},
                   {"log10_km2_p90_minus_p10", quantile(values, 0.9) - quantile(values, 0.1)}};
  }
  Json out = {
      {"country_entropy", entropy},
      {"within_country_cluster_score", cluster.score},
      {"bbox_dispersion_by_class", boxes},
      {"top1_minus_top2_gap", g.topn1 - (g.metrics.counts.size() > 1 ? static_cast<double>(g.metrics.counts[1].sites) /
                                                                           static_cast<double>(g.metrics.spread.sites)
                                                                     : 0)}};
  const auto ours = region_shares(g, regions);
  out["region_shares"] = ours;
  if (!baseline) return out;
  double drift = 0;
  auto theirs = region_shares(*baseline, regions);
  for (const auto& [region, share] : ours) drift += std::abs(share - theirs[region]) / 2;
  out["region_contribution_drift"] = drift;
  return out;
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

std::vector<double> inside(const Frame& frame, Iso country, work::Pool& pool) {
  const auto rows = rows_by_country(frame);
  const auto found = rows.find(country);
  return found == rows.end() ? std::vector<double>() : neighbour_metres(on_sphere(frame, found->second, 1), pool);
}

std::vector<Iso> largest_common(const Grade& a, const Grade& b) {
  std::set<Iso> theirs;
  for (const auto& c : b.metrics.counts) {
    if (c.sites > 1) theirs.insert(c.country);
  }
  std::vector<Iso> out;
  for (const auto& c : a.metrics.counts) {
    if (c.sites > 1 && theirs.contains(c.country) && out.size() < kComparedCountries) out.push_back(c.country);
  }
  return out;
}

// Evidence only: at these sizes every p is near 0, so the shifts of the quantiles are told too.
Json evidence(const std::vector<Seed>& seeds, const std::optional<Grade>& baseline, work::Pool& pool) {
  if (!baseline) return {{"ks", nullptr}, {"mwu", nullptr}};
  Json ks = Json::object(), mwu = Json::object();
  for (const auto& seed : seeds) {
    const auto& ours = seed.grade.metrics.neighbours_m;
    const auto& theirs = baseline->metrics.neighbours_m;
    const auto test = ks_test(theirs, ours);
    const auto shift = [&](double q) { return quantile(ours, q) - quantile(theirs, q); };
    ks[std::to_string(seed.seed)] = {{"d", test.d},
                                     {"p", test.p},
                                     {"shift_p50_m", shift(0.5)},
                                     {"shift_p90_m", shift(0.9)},
                                     {"shift_p99_m", shift(0.99)}};
    Json countries = Json::object();
    for (const auto country : largest_common(seed.grade, *baseline)) {
      const auto u = mann_whitney(inside(baseline->frame, country, pool), inside(seed.grade.frame, country, pool));
      countries[country.text()] = {{"u", u.u}, {"z", u.z}, {"p", u.p}, {"effect", u.effect}};
    }
    mwu[std::to_string(seed.seed)] = countries;
  }
  return {{"ks", ks}, {"mwu", mwu}};
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
