// P3 and P4 share snapshot, filter and comparison; they differ in which checks they make of them.
#include <algorithm>

#include "realism/filter.hpp"
#include "realism/gates.hpp"
#include "realism/legacy_parts.hpp"
#include "realism/statistics.hpp"

namespace placewright::realism {
namespace {

Json sentinel_json(const std::vector<SentinelRow>& rows) {
  Json evaluated = Json::array(), flagged = Json::array();
  for (const auto& row : rows) {
    Json out = {{"country_iso", row.country.text()}, {"site_count", row.sites}, {"sentinel", row.flagged}};
    if (row.enough) {
      put(out, "anisotropy", row.shape.anisotropy);
      out.update({{"linearity", row.shape.linearity},
                  {"lat_unique_ratio_4dp", row.lat_unique},
                  {"lon_unique_ratio_4dp", row.lon_unique}});
    } else {
      out["reason"] = "insufficient_points";
    }
    if (row.flagged) flagged.push_back(row.country.text());
    evaluated.push_back(std::move(out));
  }
  return {{"top_n", kSentinelTop},           {"min_points", kSentinelMinSites}, {"countries_evaluated", evaluated},
          {"flagged_count", flagged.size()}, {"flagged_countries", flagged},    {"all_clear", flagged.empty()}};
}

Json metrics_json(const Frame& all, const Filter& filter, double eligible, work::Pool& pool) {
  const auto frame = without(all, filter.dropped());
  const auto m = measure(frame, eligible, pool);
  Json out = concentration_json(m.spread);
  out.update({{"eligible_country_nonzero_share", m.eligible_share},
              {"southern_hemisphere_share", m.south_share},
              {"nn_p99_p50_ratio", m.nn_ratio},
              {"nn_q50_m", quantile(m.neighbours_m, 0.5)},
              {"nn_q99_m", quantile(m.neighbours_m, 0.99)},
              {"site_count_total", static_cast<double>(m.spread.sites)},
              {"active_country_count", static_cast<double>(m.spread.active)},
              {"excluded_country_iso", filter.enabled ? filter.codes : std::vector<std::string>()},
              {"excluded_rows_total", static_cast<double>(all.size() - frame.size())},
              {"coordinate_bounds_valid", m.bounds_valid},
              {"collapse_sentinel", sentinel_json(legacy_sentinel(frame, m.counts))}});
  return out;
}

Result<Json> snapshot(const store::RunFolder& run, const Filter& filter, double eligible, work::Pool& pool) {
  PW_TRY(const auto s6, read_report(run, "s6_run_report", "S6"));
  PW_TRY(const auto s8, read_report(run, "s8_run_summary", "S8"));
  PW_TRY(const auto frame, read_sites(run, pool));
  PW_TRY(const auto s6_path, shown(run, "s6_run_report"));
  PW_TRY(const auto s8_path, shown(run, "s8_run_summary"));
  PW_TRY(const auto sites_path, shown(run, "site_locations"));
  return Json{{"run", identity(run)},
              {"artifacts", {{"s6_report", s6_path}, {"s8_report", s8_path}, {"site_locations", sites_path}}},
              {"s6_report", s6},
              {"s8_report", s8},
              {"metrics", metrics_json(frame, filter, eligible, pool)}};
}

// Everything both scorers compare.
struct Case {
  Json baseline, authority, candidate;
  Filter filter;
  double eligible = 0, eligible_scored = 0;

  double baseline_ratio() const { return number_at(baseline, "metrics/nn_p99_p50_ratio"); }
  double ratio() const { return number_at(candidate, "metrics/nn_p99_p50_ratio"); }
  double contraction() const { return baseline_ratio() > 0 ? (baseline_ratio() - ratio()) / baseline_ratio() : 0; }
};

Result<Case> read_case(const LegacyOptions& options, const contracts::Dictionary& dictionary, work::Pool& pool) {
  Case out;
  PW_TRY(out.baseline, read_baseline(options.baseline_json));
  PW_TRY(out.filter, read_filter(options.policy));
  out.eligible = number_at(out.baseline, "metrics/eligible_country_total");
  out.eligible_scored =
      std::max(0.0, out.eligible - (out.filter.enabled ? static_cast<double>(out.filter.codes.size()) : 0));
  PW_TRY(const auto authority, run_of(options, options.against_run_id, dictionary));
  PW_TRY(const auto candidate, run_of(options, options.run_id, dictionary));
  PW_TRY(out.authority, snapshot(authority, out.filter, out.eligible_scored, pool));
  PW_TRY(out.candidate, snapshot(candidate, out.filter, out.eligible_scored, pool));
  return out;
}

bool concentration_kept(const Case& c) {
  return not_worse(c.candidate["metrics"], c.authority["metrics"], kConcentration);
}
bool coverage_kept(const Case& c) {
  return not_worse(c.authority["metrics"], c.candidate["metrics"],
                   {"eligible_country_nonzero_share", "southern_hemisphere_share"});
}

Json structural(const Case& c) {
  const auto& s6 = c.candidate["s6_report"];
  return {{"s6_policy_present", s6.contains("jitter_policy")},
          {"s6_mode_mixture_v2", s6.contains("jitter_policy") && s6["jitter_policy"].is_object() &&
                                     s6["jitter_policy"].value("mode", Json()) == Json("mixture_v2")},
          {"s8_parity_ok", parity_ok(c.candidate["s8_report"])},
          {"coordinate_bounds_valid", flag_at(c.candidate, "metrics/coordinate_bounds_valid")},
          {"top_country_no_collapse", flag_at(c.candidate, "metrics/collapse_sentinel/all_clear")}};
}

Json common(const Case& c, const LegacyOptions& options, const char* phase) {
  const auto number = [](double n) { return static_cast<std::uint64_t>(n); };
  return {{"generated_utc", now_utc()},
          {"phase", phase},
          {"segment", "1B"},
          {"country_filter_policy",
           {{"policy_path", options.policy.generic_string()},
            {"policy_version", c.filter.version},
            {"enabled", c.filter.enabled},
            {"denylist_country_iso", c.filter.codes},
            {"eligible_country_total_baseline", number(c.eligible)},
            {"eligible_country_total_scored", number(c.eligible_scored)}}},
          {"baseline", {{"baseline_json", options.baseline_json.generic_string()}, {"metrics", c.baseline["metrics"]}}},
          {"no_regression_authority", c.authority},
          {"candidate", c.candidate},
          {"nn_contraction_vs_p0_baseline",
           {{"baseline_nn_p99_p50_ratio", c.baseline_ratio()},
            {"candidate_nn_p99_p50_ratio", c.ratio()},
            {"improvement_fraction", c.contraction()},
            {"improvement_percent", 100 * c.contraction()}}}};
}

Json grade_checks(const Case& c, bool b_plus) {
  auto out = checks_of(c.candidate["metrics"], b_plus);
  out["nn_tail_contraction"] = passes(gates().back(), c.contraction(), b_plus ? Level::b_plus : Level::b);
  return out;
}

}  // namespace

Result<Artefacts> score_p3(const LegacyOptions& options, const contracts::Dictionary& dictionary, work::Pool& pool) {
  PW_TRY(const auto c, read_case(options, dictionary, pool));
  auto card = common(c, options, "P3");
  card["nn_contraction_vs_p0_baseline"]["b_target_fraction"] = gates().back().b;
  card["delta_vs_p2_lock"] = deltas(c.candidate["metrics"], c.authority["metrics"], kSeven);
  auto checks = structural(c);
  checks["nn_tail_contraction_b_target"] = passes(gates().back(), c.contraction(), Level::b);
  checks["s8_concentration_not_worse_than_p2_lock"] = concentration_kept(c);
  checks["coverage_not_worse_than_p2_lock"] = coverage_kept(c);
  card["checks_all_pass"] = all_true(checks);
  card["checks"] = std::move(checks);
  PW_TRY(const auto file,
         write_sorted(out_folder(options), "segment1b_p3_candidate_" + options.run_id + ".json", card));
  return Artefacts{{file}, std::move(card)};
}

Result<Artefacts> score_p4(const LegacyOptions& options, const contracts::Dictionary& dictionary, work::Pool& pool) {
  PW_TRY(const auto c, read_case(options, dictionary, pool));
  auto card = common(c, options, "P4");
  card["delta_vs_p3_lock"] = deltas(c.candidate["metrics"], c.authority["metrics"], kSeven);
  const auto shape = structural(c), b = grade_checks(c, false), b_plus = grade_checks(c, true);
  const Json kept = {{"concentration_not_worse_than_p3_lock", concentration_kept(c)},
                     {"coverage_not_worse_than_p3_lock", coverage_kept(c)}};
  const bool sound = all_true(shape) && all_true(kept);
  const bool all_b = all_true(b) && sound, all_b_plus = all_true(b_plus) && sound;
  card["thresholds"] = {{"B", thresholds(false, true)}, {"B_plus", thresholds(true, true)}};
  card["grade_checks"] = {{"B", b}, {"B_plus", b_plus}};
  card["structural_checks"] = shape;
  card["no_regression_checks"] = kept;
  card["grade_pass"] = {{"B_hard", all_true(b)},
                        {"B_plus_hard", all_true(b_plus)},
                        {"structural", all_true(shape)},
                        {"no_regression", all_true(kept)},
                        {"B_all", all_b},
                        {"B_plus_all", all_b_plus}};
  card["status"] = all_b && all_b_plus ? "GREEN_B" : all_b ? "AMBER_NEAR_BPLUS" : "RED_REOPEN_REQUIRED";
  card["p4_3_required"] = all_b && !all_b_plus;
  card["reopen_required"] = !all_b;
  card["grade"] = name_of(all_b_plus ? Level::b_plus : all_b ? Level::b : Level::below_b);
  PW_TRY(const auto file,
         write_sorted(out_folder(options), "segment1b_p4_integrated_" + options.run_id + ".json", card));
  return Artefacts{{file}, std::move(card)};
}

}  // namespace placewright::realism
