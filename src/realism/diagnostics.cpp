#include "realism/diagnostics.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "realism/nearest.hpp"
#include "realism/statistics.hpp"
#include "realism/svg.hpp"

namespace placewright::realism {
namespace {

constexpr std::size_t kComparedCountries = 10;

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

}  // namespace

std::map<std::string, double> region_shares(const Grade& grade, const Regions& regions) {
  std::map<std::string, double> out;
  for (const auto& c : grade.metrics.counts) {
    out[std::string(regions.macro(c.country))] +=
        static_cast<double>(c.sites) / static_cast<double>(grade.metrics.spread.sites);
  }
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

}  // namespace placewright::realism
