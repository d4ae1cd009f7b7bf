#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "realism/legacy_parts.hpp"
#include "realism/nearest.hpp"
#include "realism/regions.hpp"
#include "realism/statistics.hpp"

namespace placewright::realism {
namespace {

using Ordered = nlohmann::ordered_json;

constexpr std::size_t kNeighbourCountries = 20, kTableRows = 10;

struct Quantile {
  double q;
  const char* name;
};
constexpr std::array<Quantile, 5> kGlobal = {{{0.5, "q50"}, {0.75, "q75"}, {0.9, "q90"}, {0.95, "q95"}, {0.99, "q99"}}};
constexpr std::array<Quantile, 3> kInside = {{{0.5, "q50"}, {0.95, "q95"}, {0.99, "q99"}}};

struct RegionRow {
  std::string region;
  std::uint64_t sites = 0, countries = 0;
};

std::vector<RegionRow> region_rows(const std::vector<CountryCount>& counts, const Regions& regions) {
  std::map<std::string, RegionRow> rows;
  for (const auto& c : counts) {
    auto& row = rows[std::string(regions.raw(c.country))];
    row.sites += c.sites;
    row.countries += 1;
  }
  std::vector<RegionRow> out;
  for (auto& [name, row] : rows) out.push_back({name, row.sites, row.countries});
  std::ranges::stable_sort(out, [](const auto& a, const auto& b) { return a.sites > b.sites; });
  return out;
}

Ordered country_table(const SiteMetrics& m, const Regions& regions) {
  Ordered rows = Ordered::array();
  double sum = 0;
  for (std::size_t i = 0; i < m.counts.size(); ++i) {
    const double share = static_cast<double>(m.counts[i].sites) / static_cast<double>(m.spread.sites);
    sum += share;
    rows.push_back({{"rank", i + 1},
                    {"country_iso", m.counts[i].country.text()},
                    {"region", regions.raw(m.counts[i].country)},
                    {"site_count", m.counts[i].sites},
                    {"share", share},
                    {"cumulative_share", sum}});
  }
  return rows;
}

Ordered region_table(const SiteMetrics& m, const Regions& regions) {
  Ordered rows = Ordered::array();
  for (const auto& row : region_rows(m.counts, regions)) {
    rows.push_back({{"region", row.region},
                    {"site_count", row.sites},
                    {"active_countries", row.countries},
                    {"share", static_cast<double>(row.sites) / static_cast<double>(m.spread.sites)}});
  }
  return rows;
}

Ordered neighbour_table(const Frame& frame, const SiteMetrics& m, work::Pool& pool) {
  Ordered rows = Ordered::array();
  const auto add = [&](const std::string& scope, const Quantile& q, const std::vector<double>& metres) {
    rows.push_back({{"scope", scope}, {"quantile", q.name}, {"distance_m", quantile(metres, q.q)}});
  };
  for (const auto& q : kGlobal) add("global", q, m.neighbours_m);
  const auto by_country = rows_by_country(frame);
  for (std::size_t i = 0; i < std::min(kNeighbourCountries, m.counts.size()); ++i) {
    const auto& inside = by_country.at(m.counts[i].country);
    if (inside.size() < 2) continue;
    const auto metres = neighbour_metres(on_sphere(frame, inside, 1), pool);
    for (const auto& q : kInside) add("country:" + m.counts[i].country.text(), q, metres);
  }
  return rows;
}

// Header, comma, CRLF; floats in shortest round-trip form.
std::string csv(const std::string& header, const Ordered& rows) {
  std::string out = header + "\r\n";
  for (const auto& row : rows) {
    std::string line;
    for (const auto& value : row) {
      if (!line.empty()) line += ",";
      line += value.is_string()         ? value.get<std::string>()
              : value.is_number_float() ? double_text(value.get<double>())
                                        : value.dump();
    }
    out += line + "\r\n";
  }
  return out;
}

Ordered first_rows(const Ordered& rows, std::size_t n) {
  Ordered out = Ordered::array();
  for (std::size_t i = 0; i < std::min(n, rows.size()); ++i) out.push_back(rows[i]);
  return out;
}

Ordered metrics_block(const SiteMetrics& m, std::uint64_t eligible) {
  return {{"country_gini", m.spread.gini},
          {"top1_share", m.spread.top1},
          {"top5_share", m.spread.top5},
          {"top10_share", m.spread.top10},
          {"eligible_country_nonzero_share", m.eligible_share},
          {"southern_hemisphere_share", m.south_share},
          {"nn_p99_p50_ratio", m.nn_ratio},
          {"active_country_count", m.spread.active},
          {"eligible_country_total", eligible},
          {"site_count_total", m.spread.sites}};
}

// The six gates in the scorecard's own order.
constexpr std::array<std::array<const char*, 2>, 6> kSix = {
    {{"country_gini", "country_gini_max"},
     {"top10_share", "top10_share_max"},
     {"top5_share", "top5_share_max"},
     {"top1_share", "top1_share_max"},
     {"eligible_country_nonzero_share", "eligible_country_nonzero_share_min"},
     {"southern_hemisphere_share", "southern_hemisphere_share_min"}}};

Ordered limits_block(bool b_plus) {
  const auto limits = thresholds(b_plus, false);
  Ordered out = Ordered::object();
  for (const auto& [name, key] : kSix) out[key] = limits[key].get<double>();
  return out;
}

Ordered eval_block(const Ordered& metrics, bool b_plus) {
  const auto checks = checks_of(Json(metrics), b_plus);
  Ordered out = Ordered::object();
  for (const auto& [name, key] : kSix) out[name] = checks[name].get<bool>();
  return {{"all_pass", all_true(checks)}, {"checks", out}};
}

Ordered copied(const Json& report, std::string_view pointer) {
  const Json::json_pointer place("/" + std::string(pointer));
  return report.contains(place) ? Ordered(report[place]) : Ordered();
}

Ordered s2_block(const Json& report) {
  std::vector<double> tiles, masses;
  for (const auto& c : report.value("country_summaries", Json::array())) {
    tiles.push_back(number_at(c, "tiles"));
    masses.push_back(number_at(c, "mass_sum"));
  }
  const auto quantiles = [](std::vector<double> values) {
    std::ranges::sort(values);
    Ordered out = Ordered::object();
    for (const auto& q : kInside) out[q.name] = quantile(values, q.q);
    return out;
  };
  return {{"basis", copied(report, "basis")},
          {"dp", copied(report, "dp")},
          {"countries_total", copied(report, "countries_total")},
          {"rows_emitted", copied(report, "rows_emitted")},
          {"tile_count_quantiles", quantiles(tiles)},
          {"mass_sum_quantiles", quantiles(masses)}};
}

Ordered s4_block(const Json& report, const std::vector<CountryCount>& plan) {
  const auto c = concentration(plan);
  return {{"run_report_rows_emitted", copied(report, "rows_emitted")},
          {"run_report_pairs_total", copied(report, "pairs_total")},
          {"run_report_merchants_total", copied(report, "merchants_total")},
          {"alloc_sum_equals_requirements", flag_at(report, "alloc_sum_equals_requirements")},
          {"country_allocation_profile",
           {{"countries_active", c.active},
            {"assigned_sites_total", c.sites},
            {"country_gini", c.gini},
            {"top1_share", c.top1},
            {"top5_share", c.top5},
            {"top10_share", c.top10}}}};
}

Ordered s6_block(const Json& report) {
  const double sites = number_at(report, "counts/sites_total"), again = number_at(report, "counts/resamples_total");
  return {{"sites_total", copied(report, "counts/sites_total")},
          {"resamples_total", copied(report, "counts/resamples_total")},
          {"attempt_histogram", copied(report, "attempt_histogram")},
          {"resample_rate", again / std::max(1.0, sites)}};
}

Ordered s8_block(const Json& report) {
  return {{"rows_s7", copied(report, "sizes/rows_s7")},
          {"rows_s8", copied(report, "sizes/rows_s8")},
          {"parity_ok", flag_at(report, "sizes/parity_ok")},
          {"validation_counters", copied(report, "validation_counters")}};
}

Ordered geometry_block(const SiteMetrics& m) {
  return {{"nn_p99_p50_ratio", m.nn_ratio},
          {"southern_hemisphere_share", m.south_share},
          {"north_hemisphere_share", 1 - m.south_share},
          {"top_country_count_used_for_nn", std::min(kNeighbourCountries, m.counts.size())}};
}

Result<Ordered> checkpoints(const store::RunFolder& run, const Json& s2, const SiteMetrics& m) {
  PW_TRY(const auto s4, read_report(run, "s4_run_report", "S4"));
  PW_TRY(const auto s6, read_report(run, "s6_run_report", "S6"));
  PW_TRY(const auto s8, read_report(run, "s8_run_summary", "S8"));
  PW_TRY(const auto plan, plan_counts(run));
  return Ordered{{"S2", s2_block(s2)},
                 {"S4", s4_block(s4, plan)},
                 {"S6", s6_block(s6)},
                 {"S8", s8_block(s8)},
                 {"S6_S8_geometry", geometry_block(m)}};
}

Ordered ordered_identity(const store::RunFolder& run) {
  const auto id = identity(run);
  Ordered out = Ordered::object();
  for (const char* key : {"run_id", "seed", "manifest_fingerprint", "parameter_hash", "run_root"}) out[key] = id[key];
  return out;
}

}  // namespace

Result<Artefacts> score_p0(const LegacyOptions& options, const contracts::Dictionary& dictionary, work::Pool& pool) {
  PW_TRY(const auto run, run_of(options, options.run_id, dictionary));
  PW_TRY(const auto regions, Regions::read(options.regions));
  PW_TRY(const auto s2, read_report(run, "s2_run_report", "S2"));
  PW_TRY(const auto frame, read_sites(run, pool));
  const auto eligible = static_cast<std::uint64_t>(number_at(s2, "countries_total"));
  const auto m = measure(frame, static_cast<double>(eligible), pool);
  PW_TRY(const auto points, checkpoints(run, s2, m));
  const auto stem = (out_folder(options) / ("segment1b_p0_baseline_" + options.run_id)).generic_string();
  const auto countries = country_table(m, regions), region_share = region_table(m, regions);
  const auto neighbours = neighbour_table(frame, m, pool);
  const auto metrics = metrics_block(m, eligible);
  Ordered global = Ordered::object();
  for (const auto& q : kGlobal) global[q.name] = quantile(m.neighbours_m, q.q);
  const Ordered card = {
      {"generated_utc", now_utc()},
      {"phase", "P0"},
      {"segment", "1B"},
      {"baseline_authority", ordered_identity(run)},
      {"artifacts",
       {{"scorecard_json", stem + ".json"},
        {"country_share_csv", stem + "_country_share.csv"},
        {"region_share_csv", stem + "_region_share.csv"},
        {"nn_quantiles_csv", stem + "_nn_quantiles.csv"}}},
      {"metrics", metrics},
      {"nn_quantiles_global_m", global},
      {"thresholds", {{"B", limits_block(false)}, {"Bplus", limits_block(true)}}},
      {"threshold_eval", {{"B", eval_block(metrics, false)}, {"Bplus", eval_block(metrics, true)}}},
      {"checkpoints", points},
      {"companion_tables",
       {{"country_share_top10", first_rows(countries, kTableRows)}, {"region_share_all", region_share}}},
      {"p0_readiness",
       {{"baseline_scorecard_materialized", true},
        {"state_checkpoints_materialized", true},
        {"companion_tables_materialized", true}}}};
  PW_CHECK(store::write_text(stem + "_country_share.csv",
                             csv("rank,country_iso,region,site_count,share,cumulative_share", countries)));
  PW_CHECK(
      store::write_text(stem + "_region_share.csv", csv("region,site_count,active_countries,share", region_share)));
  PW_CHECK(store::write_text(stem + "_nn_quantiles.csv", csv("scope,quantile,distance_m", neighbours)));
  PW_CHECK(store::write_text(stem + ".json", card.dump(2, ' ', true)));
  return Artefacts{
      {stem + ".json", stem + "_country_share.csv", stem + "_region_share.csv", stem + "_nn_quantiles.csv"},
      Json(card)};
}

}  // namespace placewright::realism
