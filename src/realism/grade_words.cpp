// A grade as JSON and as a table.
#include "realism/grade.hpp"
#include "realism/legacy_parts.hpp"
#include "realism/words.hpp"

namespace placewright::realism {
namespace {

Json gates_json(const Grade& g) {
  Json out = Json::array();
  for (std::size_t i = 0; i < gates().size(); ++i) {
    const auto& gate = gates()[i];
    const double value = g.gate_values[i];
    out.push_back({{"gate", gate.name},
                   {"observed", value},
                   {"limit_B", gate.b},
                   {"limit_B_plus", gate.b_plus},
                   {"distance_B", distance(gate, value, Level::b)},
                   {"distance_B_plus", distance(gate, value, Level::b_plus)},
                   {"B", passes(gate, value, Level::b)},
                   {"B_plus", passes(gate, value, Level::b_plus)},
                   {"owner", name_of(gate.owner)}});
  }
  return out;
}

Json shapes_json(const Grade& g) {
  Json rows = Json::array(), flagged = Json::array();
  for (const auto& s : g.shapes) {
    Json row = {{"country_iso", s.country.text()},
                {"site_count", s.sites},
                {"sentinel", s.flagged},
                {"anisotropy_limit", s.anisotropy_limit},
                {"lat_unique_ratio_4dp", s.lat_unique},
                {"lon_unique_ratio_4dp", s.lon_unique},
                {"lat_limit", s.lat_limit},
                {"lon_limit", s.lon_limit}};
    put(row, "anisotropy", s.shape.anisotropy);
    put(row, "land_anisotropy", s.land.anisotropy);
    rows.push_back(std::move(row));
    if (s.flagged) flagged.push_back(s.country.text());
  }
  return {{"min_points", kSentinelMinSites},
          {"countries_evaluated", rows},
          {"flagged_countries", flagged},
          {"flagged_count", flagged.size()},
          {"all_clear", flagged.empty()}};
}

Json ceilings_json(const Grade& g) {
  Json rows = Json::array();
  if (!g.ground) return rows;
  for (const auto& s : g.shapes) {
    const auto& land = g.ground->land.at(s.country);
    rows.push_back({{"country_iso", s.country.text()},
                    {"n", s.sites},
                    {"d_lat", land.lat_steps},
                    {"d_lon", land.lon_steps},
                    {"lat_ratio_upper", s.lat_ceiling},
                    {"lon_ratio_upper", s.lon_ceiling},
                    {"unreachable", s.unreachable}});
  }
  return rows;
}

Json ground_json(const Ground& ground) {
  Json fits = Json::array();
  for (const auto& fit : ground.fits) {
    fits.push_back({{"country_iso", fit.country.text()},
                    {"sites", fit.sites},
                    {"groups", fit.groups},
                    {"chi_square", fit.chi_square},
                    {"p", fit.p}});
  }
  return {{"pairs_n4_total", ground.pairs4},
          {"pairs_n4_on_one_raster_row", ground.single_row},
          {"streak_longest", ground.longest_streak},
          {"streak_longest_merchant_id", ground.longest_merchant},
          {"streak_longest_country_iso", ground.longest_country.text()},
          {"streak_mean_n4", ground.streak_mean},
          {"streak_p99_n4", ground.streak_p99},
          {"sites_per_mass", fits}};
}

Json people_json(const People& people) {
  Json fits = Json::array();
  for (const auto& fit : people.fits) {
    fits.push_back({{"country_iso", fit.country.text()},
                    {"sites", fit.sites},
                    {"cells", fit.cells},
                    {"correlation", fit.correlation}});
  }
  return {{"sites_with_nobody_within_5km_share", people.alone_share}, {"correlation_50km", fits}};
}

Json placement_json(const Grade& g) {
  Json out = Json::array();
  for (const auto& check : g.placement) {
    out.push_back({{"check", check.name},
                   {"observed", check.observed},
                   {"limit", check.limit},
                   {"sense", check.at_most ? "at most" : "at least"},
                   {"pass", check.pass},
                   {"owner", "placement"}});
  }
  return out;
}

Json metrics_json(const Grade& g) {
  Json out = concentration_json(g.metrics.spread);
  out.update({{"topfrac_1", g.metrics.spread.top1},
              {"topfrac_5", g.metrics.spread.top5},
              {"topfrac_10", g.metrics.spread.top10},
              {"topn_1", g.topn1},
              {"topn_5", g.topn5},
              {"topn_10", g.topn10},
              {"country_hhi", g.hhi},
              {"eligible_country_nonzero_share", g.metrics.eligible_share},
              {"southern_hemisphere_share", g.metrics.south_share},
              {"nn_p99_p50_ratio", g.metrics.nn_ratio},
              {"nn_p50_m", g.p50_m},
              {"nn_p90_m", g.p90_m},
              {"nn_p99_m", g.p99_m},
              {"nn_beyond_7_67_p50_share", g.beyond_share},
              {"nn_baseline_p99_p50_ratio", g.baseline_ratio},
              {"site_count_total", g.metrics.spread.sites},
              {"active_country_count", g.metrics.spread.active},
              {"eligible_country_total", g.eligible},
              {"excluded_rows_total", g.dropped_sites},
              {"coordinate_bounds_valid", g.metrics.bounds_valid},
              {"s8_parity_ok", g.parity}});
  return out;
}

Json legacy_flagged(const Grade& g) {
  Json out = Json::array();
  for (const auto& row : g.legacy_shapes) {
    if (row.flagged) out.push_back(row.country.text());
  }
  return out;
}

std::string gate_lines(const Grade& g) {
  std::string out = left("gate", 34) + right("observed", 11) + right("B", 8) + right("B+", 8) + right("to B+", 10) +
                    "  reached  owner\n";
  for (std::size_t i = 0; i < gates().size(); ++i) {
    const auto& gate = gates()[i];
    const double value = g.gate_values[i];
    const char* reached = passes(gate, value, Level::b_plus) ? "B+" : passes(gate, value, Level::b) ? "B" : "-";
    out += left(std::string(gate.name), 34) + right(fixed(value, 4), 11) + right(fixed(gate.b, 2), 8) +
           right(fixed(gate.b_plus, 2), 8) + right(fixed(distance(gate, value, Level::b_plus), 4), 10) + "  " +
           left(reached, 7) + "  " + std::string(name_of(gate.owner)) + "\n";
  }
  return out;
}

std::string placement_lines(const Grade& g) {
  std::string out = left("placement's own checks", 38) + right("observed", 14) + "  limit\n";
  for (const auto& check : g.placement) {
    out += left(check.name, 38) + right(fixed(check.observed, 5), 14) + (check.at_most ? "  <= " : "  >= ") +
           left(fixed(check.limit, 6), 12) + (check.pass ? "pass" : "FAIL") + "\n";
  }
  return out;
}

}  // namespace

Json as_json(const Grade& g) {
  Json out = {{"run", g.identity},
              {"metrics", metrics_json(g)},
              {"gates", gates_json(g)},
              {"placement_checks", placement_json(g)},
              {"collapse_sentinel_all", shapes_json(g)},
              {"collapse_sentinel_legacy_flagged", legacy_flagged(g)},
              {"support_ceiling", ceilings_json(g)},
              {"unknown", g.unknown},
              {"legacy_grade", name_of(g.legacy_level)},
              {"grade", name_of(g.level)},
              {"placement_grade", name_of(g.placement_level)}};
  if (g.ground) out["tiles"] = ground_json(*g.ground);
  if (g.people) out["people"] = people_json(*g.people);
  return out;
}

std::string as_text(const Grade& g) {
  std::string out = "sites " + std::to_string(g.metrics.spread.sites) + ", countries " +
                    std::to_string(g.metrics.spread.active) + " of " + fixed(g.eligible, 0) +
                    ", merchants' longest west-east streak " +
                    (g.ground ? std::to_string(g.ground->longest_streak) : std::string("unknown")) + "\n";
  out += "nearest neighbour p50 " + fixed(g.p50_m, 0) + " m, p90 " + fixed(g.p90_m, 0) + " m, p99 " +
         fixed(g.p99_m, 0) + " m, p99/p50 " + fixed(g.metrics.nn_ratio, 4) + " (baseline " +
         fixed(g.baseline_ratio, 4) + ")\n\n";
  out += gate_lines(g) + "\n" + placement_lines(g) + "\n";
  for (const auto& s : g.shapes) {
    if (s.flagged) {
      out += "collapsed: " + s.country.text() + ", " + std::to_string(s.sites) + " sites, anisotropy " +
             fixed(s.shape.anisotropy, 1) + " (limit " + fixed(s.anisotropy_limit, 1) + "), distinct latitudes " +
             fixed(s.lat_unique, 3) + ", longitudes " + fixed(s.lon_unique, 3) + "\n";
    }
  }
  for (const auto& what : g.unknown) out += "unknown: " + what + "\n";
  return out + "grade " + std::string(name_of(g.level)) + ", legacy grade " + std::string(name_of(g.legacy_level)) +
         ", placement grade " + std::string(name_of(g.placement_level));
}

}  // namespace placewright::realism
