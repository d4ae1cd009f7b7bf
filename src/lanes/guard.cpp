#include "lanes/guard.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "lanes/guard_metrics.hpp"
#include "store/files.hpp"

namespace placewright::lanes {
namespace {

namespace fs = std::filesystem;

constexpr double kShareB = .70, kSharePlus = .80;

std::string second_utc() { return store::wall_time().substr(0, 19) + "Z"; }

struct Judgement {
  std::vector<GuardCheck> checks;
  std::uint64_t b = 0, plus = 0;
  bool concentrated_well = false;  // both concentration figures inside their B bands
  Json gates;
  bool gates_hold = false;
  std::string grade;
  double share(std::uint64_t passed) const { return static_cast<double>(passed) / static_cast<double>(checks.size()); }
};

const GuardCheck& check_of(const std::vector<GuardCheck>& checks, std::string_view metric) {
  return *std::ranges::find(checks, metric, &GuardCheck::metric);
}

Judgement judge(const GuardMetrics& m) {
  Judgement j;
  j.checks = band_checks(m);
  for (const auto& check : j.checks) {
    j.b += check.b ? 1 : 0;
    j.plus += check.b_plus ? 1 : 0;
  }
  j.concentrated_well = check_of(j.checks, "top10_outlet_share").b && check_of(j.checks, "gini_outlets_per_merchant").b;
  j.gates = {{"single_site_tier_exists_materially", m.single_site_share >= .10},
             {"candidate_not_near_global_by_default", m.candidates_median <= 15},
             {"dispersion_heterogeneity_restored", m.phi_cv >= .05 && m.phi_ratio >= 1.25},
             {"required_outputs_emitted", m.outputs_present}};
  j.gates_hold = std::ranges::all_of(j.gates, [](const Json& gate) { return gate.get<bool>(); });
  const bool b = j.gates_hold && j.share(j.b) >= kShareB;
  const bool plus = j.gates_hold && j.share(j.plus) >= kSharePlus && j.concentrated_well;
  j.grade = plus ? "B_plus" : b ? "B" : "below_B";
  return j;
}

Json coverage(const Judgement& j) {
  return {{"total_checks", j.checks.size()}, {"B_pass_count", j.b},
          {"B_pass_share", j.share(j.b)},    {"B_threshold", kShareB},
          {"B_plus_pass_count", j.plus},     {"B_plus_pass_share", j.share(j.plus)},
          {"B_plus_threshold", kSharePlus},  {"concentration_no_major_regression", j.concentrated_well}};
}

Json decision(const Judgement& j) {
  const bool plus = j.gates_hold && j.share(j.plus) >= kSharePlus && j.concentrated_well;
  return {{"eligible_B", j.gates_hold && j.share(j.b) >= kShareB}, {"eligible_B_plus", plus}, {"grade", j.grade}};
}

Json candidate_block(const GuardMetrics& m, const Judgement& j) {
  const bool median_ok = check_of(j.checks, "candidate_count_median").b;
  const bool correlated = check_of(j.checks, "candidate_membership_correlation").b;
  const bool realized = m.realization_median >= .10;
  const bool few_out = m.share_exhausted <= .02, few_rejected = m.share_high_reject <= .10;
  return {{"checks",
           {{"median_C_in_B_band", median_ok},
            {"spearman_C_R_ge_0_30", correlated},
            {"median_rho_ge_0_10", realized},
            {"share_exhausted_le_0_02", few_out},
            {"share_high_reject_le_0_10", few_rejected}}},
          {"core_checks_pass", median_ok && correlated && realized},
          {"pathology_checks_pass", few_out && few_rejected},
          {"median_C_m", m.candidates_median},
          {"median_rho_m", m.realization_median},
          {"merchant_count", m.merchants_judged},
          {"merchants_with_C_gt_0", m.merchants_with_candidates},
          {"share_exhausted", m.share_exhausted},
          {"share_high_reject_gt16", m.share_high_reject},
          {"spearman_C_m_R_m", m.correlation ? Json(*m.correlation) : Json()}};
}

void add_mismatch(Json& block, const std::string& name, const Mismatch& part) {
  const auto rate = name.empty() ? "home_legal_mismatch_rate" : name + "_mismatch_rate";
  const auto merchants = name.empty() ? "merchants" : name + "_merchants";
  const auto rows = name.empty() ? "rows" : name + "_rows";
  block[rate] = part.rate();
  block[rate + "_ci95_wilson"] = wilson(part.mismatched, part.rows);
  block[merchants] = part.merchants;
  block[rows] = part.rows;
}

Json country_block(const GuardMetrics& m, const Judgement& j) {
  const auto& rate = check_of(j.checks, "home_legal_mismatch_rate");
  const auto& gradient = check_of(j.checks, "size_gradient_pp_top_minus_bottom");
  Json block = {{"checks",
                 {{"mismatch_rate_in_B_band", rate.b},
                  {"mismatch_rate_in_B_plus_band", rate.b_plus},
                  {"no_unexplained_duplicate_anomalies", m.identities_sound},
                  {"size_gradient_pp_ge_B", gradient.b},
                  {"size_gradient_pp_ge_B_plus", gradient.b_plus}}},
                {"mismatch_rows", m.all.mismatched},
                {"size_gradient_pp_top_minus_bottom", m.gradient},
                {"size_gradient_pp_ci95_bootstrap", m.gradient_ci}};
  add_mismatch(block, "", m.all);
  add_mismatch(block, "bottom_deciles", m.bottom);
  add_mismatch(block, "top_decile", m.top);
  return block;
}

Json candidate_json(const Upstream& run, const GuardMetrics& m, const Judgement& j) {
  Json list = Json::array(), map = Json::object(), metrics = Json::object(), parts = Json::object();
  for (const auto& check : j.checks) {
    const std::string metric(check.metric);
    const Json row = {{"metric", metric}, {"value", check.value}, {"B_pass", check.b}, {"B_plus_pass", check.b_plus}};
    list.push_back(row);
    map[metric] = row;
    metrics[metric] = check.value;
  }
  for (std::size_t i = 0; i < kRequiredOutputs.size(); ++i) parts[std::string(kRequiredOutputs[i])] = run.parts[i];
  const auto& id = run.receipt.identity;
  return {{"run",
           {{"run_id", id.run_id},
            {"seed", id.seed},
            {"parameter_hash", id.parameter_hash},
            {"manifest_fingerprint", id.manifest_fingerprint}}},
          {"metrics", metrics},
          {"target_band_checks", list},
          {"target_band_check_map", map},
          {"hard_gates", j.gates},
          {"band_coverage", coverage(j)},
          {"grade_decision", decision(j)},
          {"p2_global", candidate_block(m, j)},
          {"p3_global", country_block(m, j)},
          {"p4_required_outputs", {{"all_present", m.outputs_present}, {"counts", parts}}}};
}

struct Comparison {
  Json checks;
  Json regressed = Json::array();
  bool passed = false;
};

Comparison compare(const Json& authority, const GuardMetrics& m, const Judgement& j, double allowed) {
  Comparison c;
  bool gates = true;
  for (const auto& [name, held] : authority.at("hard_gates").at("checks").items()) {
    if (held.get<bool>() && !j.gates.value(name, false)) gates = false;
  }
  for (const auto& row : authority.at("target_band_checks")) {
    const auto metric = row.at("metric").get<std::string>();
    const auto ours = std::ranges::find(j.checks, metric, &GuardCheck::metric);
    if (row.at("B_pass").get<bool>() && (ours == j.checks.end() || !ours->b)) c.regressed.push_back(metric);
  }
  const auto& surface = authority.at("surface_metrics").at("p1_representative");
  c.checks = {{"grade_not_below_B", j.grade != "below_B"},
              {"hard_gates_not_regressed", gates},
              {"authority_B_pass_metrics_not_regressed", c.regressed.empty()},
              {"B_pass_count_not_below_authority",
               j.b >= authority.at("band_coverage").at("B_pass_count").get<std::uint64_t>()},
              {"concentration_not_materially_worse_than_authority",
               m.top10_share <= surface.at("top10_outlet_share").get<double>() + allowed &&
                   m.gini <= surface.at("gini_outlets_per_merchant").get<double>() + allowed}};
  c.passed = std::ranges::all_of(c.checks, [](const Json& check) { return check.get<bool>(); });
  return c;
}

Result<Json> scored(const GuardOptions& options) {
  std::error_code error;
  if (!fs::is_regular_file(options.authority, error)) {
    return Error("LANE_GUARD_SURFACE",
                 "authority certification missing: " + fs::absolute(options.authority).generic_string())
        .with("type", "FileNotFoundError");
  }
  PW_TRY(const auto authority, store::read_json(options.authority));
  PW_TRY(const auto run, read_upstream(options.runs_root, options.run_id));
  PW_TRY(const auto m, guard_metrics(run, options.bootstrap_samples, options.bootstrap_seed));
  const auto j = judge(m);
  try {
    const auto c = compare(authority, m, j, options.concentration_max_regression);
    Json echoed = {{"certification_json", fs::absolute(options.authority).generic_string()}};
    for (const char* name : {"grade_decision", "hard_gates", "band_coverage", "surface_metrics"}) {
      echoed[name] = authority.value(name, Json());
    }
    return Json{{"authority", echoed},
                {"candidate", candidate_json(run, m, j)},
                {"concentration_max_regression", options.concentration_max_regression},
                {"description", "Fail-closed no-regression guard for Segment 1A upstream reopen candidates."},
                {"guard_checks", c.checks},
                {"regressed_B_metrics", c.regressed},
                {"status", c.passed ? "PASS" : "FAIL"},
                {"tolerance_abs", 1e-12}};
  } catch (const Json::exception& e) {
    return Error("LANE_GUARD_SURFACE", options.authority.string() + ": " + e.what()).with("type", "KeyError");
  }
}

Json refused(const GuardOptions& options, const Error& error) {
  std::string type = "ValueError";
  for (const auto& [name, text] : error.facts()) {
    if (name == "type") type = Json::parse(text).get<std::string>();
  }
  Json checks = Json::object();
  for (const char* name : {"grade_not_below_B", "hard_gates_not_regressed", "authority_B_pass_metrics_not_regressed",
                           "B_pass_count_not_below_authority", "concentration_not_materially_worse_than_authority"}) {
    checks[name] = false;
  }
  return {{"candidate", {{"run", {{"run_id", options.run_id}}}}},
          {"description", "Candidate rejected before downstream promotion due to freeze-guard scoring error."},
          // The reference's text for a log that is not there is empty; the command says which one it was.
          {"error", {{"type", type}, {"message", type == "StopIteration" ? "" : error.message()}}},
          {"guard_checks", checks},
          {"regressed_B_metrics", Json::array()},
          {"status", "FAIL"}};
}

}  // namespace

Result<GuardOutcome> freeze_guard(const GuardOptions& options) {
  std::error_code error;
  if (!is_hex(options.run_id, 32)) return Error("LANE_RUN", "a run id has 32 hex digits, not " + options.run_id);
  if (!fs::exists(options.runs_root / options.run_id / "run_receipt.json", error)) {
    return Error("LANE_RUN", "there is no run " + options.run_id + " below " + options.runs_root.string());
  }
  auto made = scored(options);
  GuardOutcome outcome{made ? std::move(*made) : refused(options, made.error()), made ? "" : made.error().message()};
  auto& artefact = outcome.artefact;
  artefact["generated_utc"] = second_utc();
  artefact["phase"] = "freeze_guard";
  artefact["segment"] = "1A";
  return outcome;
}

}  // namespace placewright::lanes
