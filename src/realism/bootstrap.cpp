#include "realism/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include "realism/statistics.hpp"
#include "rng/philox.hpp"

namespace placewright::realism {
namespace {

struct Count {
  std::uint32_t country;
  std::uint32_t sites;
};
// Sites per country of each merchant, merchants ascending.
struct Merchants {
  std::vector<std::vector<Count>> of;
  std::size_t countries = 0;
};

Merchants merchants_of(const Frame& frame) {
  std::map<Iso, std::uint32_t> index;
  for (const auto country : frame.country) index.try_emplace(country, 0);
  std::uint32_t next = 0;
  for (auto& [country, at] : index) at = next++;
  std::map<std::uint64_t, std::map<std::uint32_t, std::uint32_t>> sites;
  for (std::size_t row = 0; row < frame.size(); ++row) ++sites[frame.merchant[row]][index[frame.country[row]]];
  Merchants out;
  out.countries = next;
  for (const auto& [merchant, counts] : sites) {
    auto& list = out.of.emplace_back();
    for (const auto& [country, n] : counts) list.push_back({country, n});
  }
  return out;
}

std::uint64_t below(std::uint64_t word, std::uint64_t n) {
  return static_cast<std::uint64_t>((static_cast<rng::Product>(word) * n) >> 64);
}

std::vector<std::uint64_t> resampled(const Merchants& merchants, std::uint64_t seed, std::uint64_t replicate) {
  std::vector<std::uint64_t> counts(merchants.countries);
  const auto n = merchants.of.size();
  for (std::size_t i = 0; i < n; i += 2) {
    const auto block = rng::philox({seed, (replicate << 32) + i / 2}, kBootstrapKey);
    for (const auto& c : merchants.of[below(block.x0, n)]) counts[c.country] += c.sites;
    if (i + 1 == n) break;
    for (const auto& c : merchants.of[below(block.x1, n)]) counts[c.country] += c.sites;
  }
  std::erase(counts, 0U);
  return counts;
}

std::array<double, 4> figures(const std::vector<std::uint64_t>& counts) {
  return {gini(counts), top_fraction_share(counts, 0.1), top_fraction_share(counts, 0.05),
          top_fraction_share(counts, 0.01)};
}

}  // namespace

Result<std::array<Interval, 4>> bootstrap(const Frame& frame, std::uint64_t seed, std::size_t replicates,
                                          work::Pool& pool) {
  const auto merchants = merchants_of(frame);
  std::array<std::vector<double>, 4> values;
  for (auto& list : values) list.resize(replicates);
  PW_CHECK(work::for_each(pool, replicates, [&](std::size_t r) -> Result<void> {
    const auto drawn = figures(resampled(merchants, seed, r));
    for (std::size_t k = 0; k < 4; ++k) values[k][r] = drawn[k];
    return {};
  }));
  std::vector<std::uint64_t> counts;
  for (const auto& c : by_count(frame)) counts.push_back(c.sites);
  const auto point = figures(counts);
  std::array<Interval, 4> out;
  for (std::size_t k = 0; k < 4; ++k) {
    std::ranges::sort(values[k]);
    out[k] = {point[k], quantile(values[k], 0.025), quantile(values[k], 0.975)};
  }
  return out;
}

KsTest ks_test(std::span<const double> a, std::span<const double> b) {
  if (a.empty() || b.empty()) return {};
  const auto n = static_cast<double>(a.size()), m = static_cast<double>(b.size());
  KsTest out{kolmogorov_smirnov(a, b), 0};
  const double lambda = out.d * std::sqrt(n * m / (n + m));
  if (lambda < 0.2) return {out.d, 1};
  for (int k = 1; k <= 100; ++k) out.p += (k % 2 ? 2 : -2) * std::exp(-2.0 * k * k * lambda * lambda);
  out.p = std::clamp(out.p, 0.0, 1.0);
  return out;
}

MannWhitney mann_whitney(std::span<const double> a, std::span<const double> b) {
  if (a.empty() || b.empty()) return {};
  const auto n = static_cast<double>(a.size()), m = static_cast<double>(b.size());
  double ranks = 0, ties = 0, seen = 0;
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    const double value = j == b.size() || (i < a.size() && a[i] <= b[j]) ? a[i] : b[j];
    double ours = 0, theirs = 0;
    for (; i < a.size() && a[i] == value; ++i) ours += 1;
    for (; j < b.size() && b[j] == value; ++j) theirs += 1;
    const double t = ours + theirs;
    ranks += ours * (seen + (t + 1) / 2);
    ties += t * t * t - t;
    seen += t;
  }
  const double total = n + m, u = ranks - n * (n + 1) / 2;
  const double variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)));
  const double away = std::max(0.0, std::abs(u - n * m / 2) - 0.5);
  const double z = variance > 0 ? (u < n * m / 2 ? -away : away) / std::sqrt(variance) : 0;
  return {u, z, std::erfc(std::abs(z) / std::numbers::sqrt2), u / (n * m)};
}

double coefficient_of_variation(std::span<const double> values) {
  double mean = 0, square = 0, largest = 0;
  const auto n = static_cast<double>(values.size());
  for (const double v : values) mean += v / n, largest = std::max(largest, std::abs(v));
  for (const double v : values) square += (v - mean) * (v - mean) / n;
  if (std::abs(mean) <= 1e-12) return largest <= 1e-12 ? 0 : std::numeric_limits<double>::infinity();
  return std::sqrt(square) / mean;
}

}  // namespace placewright::realism
