#include "lanes/guard_metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace placewright::lanes {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

struct Limits {
  std::string_view metric;
  double b_low, b_high, plus_low, plus_high;
};
constexpr std::array<Limits, 12> kBands = {{
    {"single_site_share", .25, .45, .35, .55},
    {"median_outlets_per_merchant", 6, 20, 8, 18},
    {"top10_outlet_share", .35, .55, .38, .50},
    {"gini_outlets_per_merchant", .45, .62, .48, .58},
    {"home_legal_mismatch_rate", .10, .25, .12, .20},
    {"size_gradient_pp_top_minus_bottom", 5, kNoLimit, 8, kNoLimit},
    {"multi_country_legal_spread", .20, .45, .25, .40},
    {"candidate_count_median", 5, 15, 7, 12},
    {"candidate_membership_correlation", .30, kNoLimit, .45, kNoLimit},
    {"realization_ratio_median", .10, kNoLimit, .20, kNoLimit},
    {"phi_cv", .05, .20, .10, .30},
    {"phi_p95_p05_ratio", 1.25, 2.0, 1.5, 3.0},
}};

Error broken(const std::string& what) { return Error("LANE_GUARD_SURFACE", what).with("type", "ValueError"); }

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const auto half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> out(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (std::size_t k = i; k < end; ++k) out[order[k]] = static_cast<double>(i + 1 + end) / 2;
    i = end;
  }
  return out;
}

std::optional<double> spearman(const std::vector<double>& x, const std::vector<double>& y) {
  const auto a = ranks(x), b = ranks(y);
  const double mean = (static_cast<double>(a.size()) + 1) / 2;
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    xy += (a[i] - mean) * (b[i] - mean);
    xx += (a[i] - mean) * (a[i] - mean);
    yy += (b[i] - mean) * (b[i] - mean);
  }
  if (xx == 0 || yy == 0) return std::nullopt;
  return xy / std::sqrt(xx * yy);
}

double gini(std::vector<std::int64_t> counts) {
  std::ranges::sort(counts);
  double weighted = 0, total = 0;
  const auto n = static_cast<double>(counts.size());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto count = static_cast<double>(counts[i]);
    weighted += (2 * static_cast<double>(i + 1) - n - 1) * count;
    total += count;
  }
  return total > 0 ? weighted / (n * total) : 0;
}

double top_share(std::vector<std::int64_t> counts) {
  std::ranges::sort(counts, std::greater<>());
  const auto k = static_cast<std::size_t>(std::ceil(0.1 * static_cast<double>(counts.size())));
  double top = 0, total = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (i < k) top += static_cast<double>(counts[i]);
    total += static_cast<double>(counts[i]);
  }
  return total > 0 ? top / total : 0;
}

using Counts = std::map<MerchantId, std::int64_t>;

Result<Counts> final_counts(const Upstream& run) {
  Counts counts;
  for (const auto& event : run.counts) {
    const auto [at, fresh] = counts.emplace(event.merchant, event.outlets);
    if (!fresh && at->second != event.outlets) {
      return broken("conflicting n_outlets of merchant " + std::to_string(event.merchant) + " in nb_final");
    }
  }
  return counts;
}

Result<void> size_figures(const Upstream& run, const Counts& counts, GuardMetrics& m) {
  std::map<MerchantId, std::int64_t> outlets;
  std::uint64_t single = 0;
  for (const auto& hurdle : run.hurdles) {
    const auto found = counts.find(hurdle.merchant);
    if (hurdle.multi && found == counts.end()) {
      return broken("multi-site merchant " + std::to_string(hurdle.merchant) + " has no nb_final event");
    }
    outlets[hurdle.merchant] = hurdle.multi ? found->second : 1;
    single += hurdle.multi ? 0 : 1;
  }
  std::vector<std::int64_t> sizes;
  for (const auto& [merchant, n] : outlets) sizes.push_back(n);
  if (!run.hurdles.empty()) m.single_site_share = static_cast<double>(single) / static_cast<double>(run.hurdles.size());
  m.median_outlets = median({sizes.begin(), sizes.end()});
  m.top10_share = top_share(sizes);
  m.gini = gini(std::move(sizes));
  return {};
}

std::map<MerchantId, int> deciles_of(const Counts& counts) {
  std::vector<std::pair<std::int64_t, MerchantId>> order;
  for (const auto& [merchant, n] : counts) order.emplace_back(n, merchant);
  std::ranges::sort(order);
  std::map<MerchantId, int> deciles;
  for (std::size_t i = 0; i < order.size(); ++i) deciles[order[i].second] = static_cast<int>(10 * i / order.size()) + 1;
  return deciles;
}

struct Merchant {
  int decile = 0;
  std::uint64_t rows = 0, mismatched = 0;
  std::set<std::string_view> countries;
};

void add(Mismatch& sum, const Merchant& merchant) {
  sum.rows += merchant.rows;
  sum.mismatched += merchant.mismatched;
  ++sum.merchants;
}

double gradient_of(const Mismatch& top, const Mismatch& bottom) { return 100 * (top.rate() - bottom.rate()); }

// SplitMix64 over a counter: word i of replicate r, without a state that threads or order could disturb.
std::uint64_t word(std::uint64_t seed, std::uint64_t replicate, std::uint64_t i) {
  std::uint64_t z = seed * 0x9E3779B97F4A7C15U + (replicate << 32) + i;
  for (int round = 0; round < 2; ++round) {
    z += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    z ^= z >> 31;
  }
  return z;
}

double quantile(const std::vector<double>& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto i = static_cast<std::size_t>(at);
  if (i + 1 >= sorted.size()) return sorted.back();
  const double t = at - static_cast<double>(i), d = sorted[i + 1] - sorted[i];
  return t < 0.5 ? sorted[i] + d * t : sorted[i + 1] - d * (1 - t);
}

std::array<double, 2> bootstrap(const std::vector<Merchant>& merchants, std::size_t replicates, std::uint64_t seed) {
  if (merchants.empty() || replicates == 0) return {0, 0};
  std::vector<double> gradients;
  for (std::size_t r = 0; r < replicates; ++r) {
    Mismatch top, bottom;
    for (std::size_t i = 0; i < merchants.size(); ++i) {
      const auto& drawn = merchants[word(seed, r, i) % merchants.size()];
      if (drawn.decile == 10) add(top, drawn);
      if (drawn.decile <= 3) add(bottom, drawn);
    }
    gradients.push_back(gradient_of(top, bottom));
  }
  std::ranges::sort(gradients);
  return {quantile(gradients, 0.025), quantile(gradients, 0.975)};
}

Result<void> country_figures(const Upstream& run, const Counts& counts, std::size_t replicates, std::uint64_t seed,
                             GuardMetrics& m) {
  const auto deciles = deciles_of(counts);
  std::map<MerchantId, Merchant> by_merchant;
  for (const auto& row : run.outlets) {
    const auto decile = deciles.find(row.merchant);
    if (decile == deciles.end()) return broken("size_decile assignment missing for one or more outlet rows");
    auto& merchant = by_merchant[row.merchant];
    merchant.decile = decile->second;
    ++merchant.rows;
    merchant.mismatched += row.home != row.legal ? 1 : 0;
    merchant.countries.insert(row.legal);
  }
  std::vector<Merchant> merchants;
  std::uint64_t spread = 0;
  for (const auto& [id, merchant] : by_merchant) {
    add(m.all, merchant);
    if (merchant.decile == 10) add(m.top, merchant);
    if (merchant.decile <= 3) add(m.bottom, merchant);
    spread += merchant.countries.size() > 1 ? 1 : 0;
    merchants.push_back(merchant);
  }
  if (!merchants.empty()) m.spread = static_cast<double>(spread) / static_cast<double>(merchants.size());
  m.gradient = gradient_of(m.top, m.bottom);
  m.gradient_ci = bootstrap(merchants, replicates, seed);
  return {};
}

void candidate_figures(const Upstream& run, GuardMetrics& m) {
  std::map<MerchantId, double> candidates, members, rejections;
  for (const auto& [merchant, home] : run.candidates) candidates[merchant] += home ? 0 : 1;
  for (const auto merchant : run.members) members[merchant] += 1;
  for (const auto merchant : run.rejections) rejections[merchant] += 1;
  const std::set<MerchantId> stratum(run.stratum.begin(), run.stratum.end());
  const std::set<MerchantId> exhausted(run.exhausted.begin(), run.exhausted.end());
  std::vector<double> c, r, rho;
  std::uint64_t high = 0, out = 0;
  for (const auto merchant : stratum) {
    c.push_back(candidates[merchant]);
    r.push_back(members[merchant]);
    rho.push_back(r.back() / std::max(c.back(), 1.0));
    m.merchants_with_candidates += c.back() > 0 ? 1 : 0;
    high += rejections[merchant] > 16 ? 1 : 0;
    out += exhausted.contains(merchant) ? 1 : 0;
  }
  m.merchants_judged = stratum.size();
  const double n = std::max<double>(1, static_cast<double>(stratum.size()));
  m.share_high_reject = static_cast<double>(high) / n;
  m.share_exhausted = static_cast<double>(out) / n;
  m.candidates_median = median(c);
  m.realization_median = median(rho);
  m.correlation = spearman(c, r);
}

void dispersion_figures(const Upstream& run, GuardMetrics& m) {
  std::vector<double> phi;
  for (const auto& event : run.counts) phi.push_back(event.dispersion);
  if (phi.empty()) return;
  std::ranges::sort(phi);
  const auto n = static_cast<double>(phi.size());
  double sum = 0, squares = 0;
  for (const double x : phi) sum += x;
  const double mean = sum / n;
  for (const double x : phi) squares += (x - mean) * (x - mean);
  m.phi_cv = mean != 0 ? std::sqrt(squares / n) / mean : 0;
  const auto nearest = [&](double q) {
    return phi[std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(q * n))) - 1];
  };
  m.phi_ratio = nearest(0.05) != 0 ? nearest(0.95) / nearest(0.05) : 0;
}

// Site orders of a pair run 1..k, and a site's id is its order in six digits.
bool sound(const std::vector<OutletRow>& outlets) {
  std::map<std::pair<MerchantId, std::string_view>, std::set<std::int64_t>> orders;
  for (const auto& row : outlets) {
    const auto digits = std::to_string(row.site_order);
    const auto padded = std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0') + digits;
    if (row.site_id != padded || !orders[{row.merchant, row.legal}].insert(row.site_order).second) return false;
  }
  return std::ranges::all_of(orders, [](const auto& pair) {
    return *pair.second.begin() == 1 && *pair.second.rbegin() == static_cast<std::int64_t>(pair.second.size());
  });
}

}  // namespace

std::array<double, 2> wilson(std::uint64_t successes, std::uint64_t total) {
  if (total == 0) return {0, 0};
  constexpr double z = 1.959963984540054;
  const auto n = static_cast<double>(total);
  const double p = static_cast<double>(successes) / n, z2 = z * z;
  const double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const double half = z * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n);
  return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

Result<GuardMetrics> guard_metrics(const Upstream& run, std::size_t replicates, std::uint64_t bootstrap_seed) {
  GuardMetrics m;
  PW_TRY(const auto counts, final_counts(run));
  PW_CHECK(size_figures(run, counts, m));
  PW_CHECK(country_figures(run, counts, replicates, bootstrap_seed, m));
  candidate_figures(run, m);
  dispersion_figures(run, m);
  m.identities_sound = sound(run.outlets);
  m.outputs_present = std::ranges::all_of(run.parts, [](std::uint64_t parts) { return parts > 0; });
  return m;
}

std::vector<GuardCheck> band_checks(const GuardMetrics& m) {
  const std::array<std::optional<double>, kBands.size()> values = {
      m.single_site_share, m.median_outlets, m.top10_share,        m.gini,   m.all.rate(), m.gradient, m.spread,
      m.candidates_median, m.correlation,    m.realization_median, m.phi_cv, m.phi_ratio};
  std::vector<GuardCheck> checks;
  for (std::size_t i = 0; i < kBands.size(); ++i) {
    const auto& band = kBands[i];
    const auto inside = [&](double low, double high) { return values[i] && *values[i] >= low && *values[i] <= high; };
    checks.push_back({band.metric, values[i] ? Json(*values[i]) : Json(), inside(band.b_low, band.b_high),
                      inside(band.plus_low, band.plus_high)});
  }
  const auto flag = [&](std::string_view metric, bool value) { checks.push_back({metric, value, value, value}); };
  flag("identity_semantics_no_unexplained_duplicate_anomalies", m.identities_sound);
  flag("required_outputs_present", m.outputs_present);
  return checks;
}

}  // namespace placewright::lanes
