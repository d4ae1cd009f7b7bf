#include "realism/legacy_parts.hpp"
#include "realism/regions.hpp"
#include "realism/statistics.hpp"

namespace placewright::realism {
namespace {

constexpr const char* kMacro[] = {"Africa", "Asia", "Europe", "North America", "Oceania", "Other", "South America"};

// What the baseline's S2 masses say, since its report holds no proxies of its own.
Json baseline_proxy(const Json& report, const Regions& regions) {
  std::vector<double> masses;
  std::map<std::string, double> by_region;
  double total = 0;
  for (const auto& c : report.value("country_summaries", Json::array())) {
    masses.push_back(number_at(c, "mass_sum"));
    total += masses.back();
    const auto country = Iso::parse(c.value("country_iso", std::string()));
    by_region[std::string(country ? regions.macro(*country) : "Other")] += masses.back();
  }
  for (auto& mass : masses) mass = total > 0 ? mass / total : 0;
  Json vector = Json::object();
  for (const auto* name : kMacro) vector[name] = total > 0 ? by_region[name] / total : 0.0;
  return {{"countries_total", report.value("countries_total", Json())},
          {"country_gini_proxy", gini(masses)},
          {"country_share_topk",
           {{"top1", top_fraction_share(masses, 0.01)},
            {"top5", top_fraction_share(masses, 0.05)},
            {"top10", top_fraction_share(masses, 0.1)}}},
          {"region_share_vector", vector}};
}

Json candidate_proxy(const Json& report) {
  Json top = Json::object(), vector = Json::object();
  for (const auto* name : {"top1", "top5", "top10"})
    top[name] = number_at(report, std::string("country_share_topk/") + name);
  for (const auto* name : kMacro) vector[name] = number_at(report, std::string("region_share_vector/") + name);
  return {{"country_gini_proxy", number_at(report, "country_gini_proxy")},
          {"country_share_topk", top},
          {"region_share_vector", vector},
          {"blend_v2_diagnostics", report.value("blend_v2_diagnostics", Json::object())}};
}

Json floor_breaches(const Json& proxy) {
  Json out = Json::array();
  const auto floors = proxy["blend_v2_diagnostics"].value("region_floor_share", Json::object());
  for (const auto& [region, floor] : floors.items()) {
    const double least = floor.is_number() ? floor.get<double>() : 0;
    const double observed = number_at(proxy["region_share_vector"], region);
    if (least > 0 && observed + kSlack < least)
      out.push_back({{"region", region}, {"floor", least}, {"observed", observed}});
  }
  return out;
}

Json site_block(const SiteMetrics& m) {
  Json out = concentration_json(m.spread);
  out.update({{"eligible_country_nonzero_share", m.eligible_share},
              {"southern_hemisphere_share", m.south_share},
              {"nn_p99_p50_ratio", m.nn_ratio},
              {"active_country_count", static_cast<double>(m.spread.active)},
              {"site_count_total", static_cast<double>(m.spread.sites)}});
  return out;
}

Json checks(const Json& s2, const Json& base, const Json& breaches, const Json& sites, const Json& before,
            const Json& s4, const Json& s8) {
  return {{"blend_v2_enabled", flag_at(s2, "blend_v2_enabled")},
          {"s2_diagnostics_present", s2.contains("country_gini_proxy") && s2.contains("country_share_topk") &&
                                         s2.contains("region_share_vector")},
          {"s2_gini_proxy_improved_vs_p0_s2",
           number_at(s2, "country_gini_proxy", 1) < number_at(base, "country_gini_proxy")},
          {"s2_top10_proxy_improved_vs_p0_s2",
           number_at(s2, "country_share_topk/top10", 1) < number_at(base, "country_share_topk/top10")},
          {"s2_region_floor_breaches_none", breaches.empty()},
          {"s8_concentration_not_worse_than_p0", not_worse(sites, before, kConcentration)},
          {"s8_parity_ok", parity_ok(s8)},
          {"s4_alloc_sum_equals_requirements", flag_at(s4, "alloc_sum_equals_requirements")}};
}

Result<Json> artifacts(const store::RunFolder& run, const std::filesystem::path& baseline) {
  PW_TRY(const auto s2, shown(run, "s2_run_report"));
  PW_TRY(const auto s4, shown(run, "s4_run_report"));
  PW_TRY(const auto s8, shown(run, "s8_run_summary"));
  PW_TRY(const auto sites, shown(run, "site_locations"));
  return Json{{"candidate_s2_report", s2},
              {"candidate_s4_report", s4},
              {"candidate_s8_report", s8},
              {"candidate_site_locations", sites},
              {"baseline_scorecard", baseline.generic_string()}};
}

}  // namespace

Result<Artefacts> score_p1(const LegacyOptions& options, const contracts::Dictionary& dictionary, work::Pool& pool) {
  PW_TRY(const auto run, run_of(options, options.run_id, dictionary));
  PW_TRY(const auto baseline, read_baseline(options.baseline_json));
  PW_TRY(const auto baseline_root, baseline_run_root(baseline));
  PW_TRY(const auto baseline_run, open_run(baseline_root, dictionary));
  PW_TRY(const auto regions, Regions::read(options.regions));
  PW_TRY(const auto baseline_s2, read_report(baseline_run, "s2_run_report", "S2"));
  PW_TRY(const auto s2, read_report(run, "s2_run_report", "S2"));
  PW_TRY(const auto s4, read_report(run, "s4_run_report", "S4"));
  PW_TRY(const auto s8, read_report(run, "s8_run_summary", "S8"));
  PW_TRY(const auto frame, read_sites(run, pool));
  PW_TRY(const auto files, artifacts(run, options.baseline_json));
  const auto sites = site_block(measure(frame, number_at(s2, "countries_total"), pool));
  const auto& before = baseline["metrics"];
  const auto base = baseline_proxy(baseline_s2, regions), candidate = candidate_proxy(s2);
  const auto breaches = floor_breaches(candidate);
  const auto done = checks(s2, base, breaches, sites, before, s4, s8);
  Json card = {
      {"generated_utc", now_utc()},
      {"phase", "P1"},
      {"segment", "1B"},
      {"candidate", identity(run)},
      {"baseline_authority", baseline["baseline_authority"]},
      {"artifacts", files},
      {"s2_proxy", {{"baseline", base}, {"candidate", candidate}, {"floor_breaches", breaches}}},
      {"s8_metrics",
       {{"baseline", before}, {"candidate", sites}, {"delta_candidate_minus_baseline", deltas(sites, before, kSeven)}}},
      {"checks", done},
      {"checks_all_pass", all_true(done)}};
  PW_TRY(const auto file,
         write_sorted(out_folder(options), "segment1b_p1_candidate_" + options.run_id + ".json", card));
  return Artefacts{{file}, std::move(card)};
}

}  // namespace placewright::realism
