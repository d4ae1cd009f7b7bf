#include "realism/grade.hpp"

#include <algorithm>
#include <utility>

#include "realism/filter.hpp"
#include "realism/legacy_parts.hpp"
#include "realism/statistics.hpp"

namespace placewright::realism {
namespace {

constexpr double kTailFactor = 7.67;  // B+ limit of p99/p50 against the recorded baseline, rounded up

Result<Filter> filter_of(const store::RunFolder& run, const GradeOptions& options) {
  if (!options.policy.empty()) return read_filter(options.policy);
  const auto own = run.locate("s3_requirements_policy");
  return own ? read_filter(*own) : Result<Filter>(Filter());
}

void measure_neighbours(Grade& g) {
  g.p50_m = quantile(g.metrics.neighbours_m, 0.5);
  g.p90_m = quantile(g.metrics.neighbours_m, 0.9);
  g.p99_m = quantile(g.metrics.neighbours_m, 0.99);
  const auto& d = g.metrics.neighbours_m;
  const auto far = d.end() - std::ranges::upper_bound(d, kTailFactor * g.p50_m);
  g.beyond_share = d.empty() ? 0 : static_cast<double>(far) / static_cast<double>(d.size());
}

void measure_concentration(Grade& g) {
  std::vector<std::uint64_t> counts;
  for (const auto& c : g.metrics.counts) counts.push_back(c.sites);
  g.hhi = herfindahl(counts);
  g.topn1 = top_count_share(counts, 1);
  g.topn5 = top_count_share(counts, 5);
  g.topn10 = top_count_share(counts, 10);
}

// A baseline must come from the same catalogue and parameters as far as receipts tell: same eligible countries and
// digest.
Result<double> baseline_ratio(const store::RunFolder& run, const Filter& filter, const GradeOptions& options,
                              double eligible, work::Pool& pool) {
  if (options.baseline.empty()) return kBaselineNnRatio;
  PW_TRY(const auto other, open_run(options.baseline, run.dictionary()));
  PW_TRY(const auto s2, read_report(other, "s2_run_report", "S2"));
  const double theirs = number_at(s2, "countries_total");
  if (theirs != eligible) {
    return Error("RS07_LINEAGE_MISMATCH", "the baseline's tiles are of " + std::to_string(static_cast<int>(theirs)) +
                                              " countries, the run's of " + std::to_string(static_cast<int>(eligible)))
        .with("field", "countries_total")
        .with("a", theirs)
        .with("b", eligible);
  }
  PW_TRY(const auto frame, read_sites(other, pool));
  return measure(without(frame, filter.dropped()), 1, pool).nn_ratio;
}

Level level_of(const std::array<double, 7>& values, bool sound) {
  for (const auto level : {Level::b_plus, Level::b}) {
    bool all = sound;
    for (std::size_t i = 0; i < values.size(); ++i) all = all && passes(gates()[i], values[i], level);
    if (all) return level;
  }
  return Level::below_b;
}

void placement_checks(Grade& g) {
  const auto most = [&](const char* name, double observed, double limit) {
    g.placement.push_back({name, observed, limit, true, observed <= limit});
  };
  g.placement.push_back({"nn_median_above_zero_m", g.p50_m, 0, false, g.p50_m > 0});
  const auto flagged = std::ranges::count_if(g.shapes, &CountryShape::flagged);
  most("sentinel_all_countries_flagged", static_cast<double>(flagged), 0);
  most("nn_beyond_7_67_p50_share", g.beyond_share, 0.01);
  if (g.ground) {
    const auto pairs = std::max<std::uint64_t>(1, g.ground->pairs4);
    most("pairs_on_one_raster_row_share", static_cast<double>(g.ground->single_row) / static_cast<double>(pairs),
         0.001);
    double least = 1;
    for (const auto& fit : g.ground->fits) least = std::min(least, fit.p);
    if (!g.ground->fits.empty()) g.placement.push_back({"sites_per_mass_least_p", least, 1e-6, false, least >= 1e-6});
  }
  if (!g.people) return;
  most("sites_with_nobody_within_5km_share", g.people->alone_share, 0.005);
  double least = 1;
  for (const auto& fit : g.people->fits) least = std::min(least, fit.correlation);
  if (!g.people->fits.empty())
    g.placement.push_back({"sites_people_correlation_50km_least", least, 0.9, false, least >= 0.9});
}

void decide(Grade& g) {
  g.gate_values = observed(g.metrics, g.baseline_ratio);
  const bool legacy_clear = std::ranges::none_of(g.legacy_shapes, &SentinelRow::flagged);
  const bool clear = std::ranges::none_of(g.shapes, &CountryShape::flagged);
  g.legacy_level = level_of(g.gate_values, g.parity && g.metrics.bounds_valid && legacy_clear);
  g.level = level_of(g.gate_values, g.parity && g.metrics.bounds_valid && clear && g.p50_m > 0);
  placement_checks(g);
  if (!std::ranges::all_of(g.placement, &PlacementCheck::pass)) return;
  for (const auto level : {Level::b, Level::b_plus}) {
    if (passes(gates().back(), g.gate_values.back(), level)) g.placement_level = level;
  }
}

}  // namespace

Result<Grade> grade_run(const store::RunFolder& run, const GradeOptions& options, work::Pool& pool) {
  Grade g;
  g.identity = identity(run);
  PW_TRY(const auto filter, filter_of(run, options));
  PW_TRY(const auto s2, read_report(run, "s2_run_report", "S2"));
  PW_TRY(const auto s8, read_report(run, "s8_run_summary", "S8"));
  PW_TRY(const auto all, read_sites(run, pool));
  g.frame = without(all, filter.dropped());
  g.dropped_sites = all.size() - g.frame.size();
  if (g.frame.size() == 0) return Error("RS06_EMPTY_FRAME", run.root().string() + " has no site outside the denylist");
  const double countries = number_at(s2, "countries_total");
  g.eligible = countries - (filter.enabled ? static_cast<double>(filter.codes.size()) : 0);
  g.metrics = measure(g.frame, g.eligible, pool);
  g.parity = parity_ok(s8);
  measure_concentration(g);
  measure_neighbours(g);
  PW_TRY(g.baseline_ratio, baseline_ratio(run, filter, options, countries, pool));
  g.legacy_shapes = legacy_sentinel(g.frame, g.metrics.counts);
  std::string why;
  PW_TRY(g.ground, read_ground(run, filter.dropped(), pool, why));
  if (!why.empty()) g.unknown.push_back(std::exchange(why, {}));
  if (options.people) {
    PW_TRY(g.people, read_people(run, g.frame, pool, why));
  }
  if (!why.empty()) g.unknown.push_back(why);
  g.shapes = sentinel(g.frame, g.ground ? g.ground->land : std::map<Iso, Land>());
  decide(g);
  return g;
}

}  // namespace placewright::realism
