#include "realism/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace placewright::realism {
namespace {

template <class T>
double gini_of(std::vector<T> values) {
  std::ranges::sort(values);
  const auto n = static_cast<double>(values.size());
  const double total = static_cast<double>(std::accumulate(values.begin(), values.end(), T{}));
  if (values.empty() || total <= 0) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    sum += (2 * static_cast<double>(i + 1) - n - 1) * static_cast<double>(values[i]);
  return sum / (n * total);
}

template <class T>
double top_share(std::vector<T> values, std::size_t k) {
  std::ranges::sort(values, std::greater<>());
  const double total = static_cast<double>(std::accumulate(values.begin(), values.end(), T{}));
  if (values.empty() || total <= 0) return 0;
  const auto last = values.begin() + static_cast<std::ptrdiff_t>(std::min(k, values.size()));
  return static_cast<double>(std::accumulate(values.begin(), last, T{})) / total;
}

}  // namespace

double quantile(std::span<const double> ascending, double q) {
  if (ascending.empty()) return 0;
  const double v = q * static_cast<double>(ascending.size() - 1);
  const auto i = static_cast<std::size_t>(std::floor(v));
  if (i + 1 >= ascending.size()) return ascending.back();
  const double t = v - static_cast<double>(i);
  const double d = ascending[i + 1] - ascending[i];
  return t < 0.5 ? ascending[i] + d * t : ascending[i + 1] - d * (1 - t);
}

double gini(std::vector<std::uint64_t> counts) { return gini_of(std::move(counts)); }
double gini(std::vector<double> shares) { return gini_of(std::move(shares)); }

std::uint64_t top_group(std::uint64_t countries, double fraction) {
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(countries))));
}

double top_fraction_share(std::vector<std::uint64_t> counts, double fraction) {
  const auto k = top_group(counts.size(), fraction);
  return top_share(std::move(counts), k);
}
double top_fraction_share(std::vector<double> shares, double fraction) {
  const auto k = top_group(shares.size(), fraction);
  return top_share(std::move(shares), k);
}
double top_count_share(std::vector<std::uint64_t> counts, std::size_t k) { return top_share(std::move(counts), k); }

double herfindahl(std::span<const std::uint64_t> counts) {
  const auto total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  double sum = 0;
  for (const auto count : counts) sum += (static_cast<double>(count) / total) * (static_cast<double>(count) / total);
  return sum;
}

double kolmogorov_smirnov(std::span<const double> a, std::span<const double> b) {
  double largest = 0;
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    const double x = j == b.size() || (i < a.size() && a[i] <= b[j]) ? a[i] : b[j];
    while (i < a.size() && a[i] <= x) ++i;
    while (j < b.size() && b[j] <= x) ++j;
    largest = std::max(largest, std::abs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                         static_cast<double>(j) / static_cast<double>(b.size())));
  }
  return largest;
}

}  // namespace placewright::realism
