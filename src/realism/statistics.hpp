// The formulas all scorers share (concentration, quantiles).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace placewright::realism {

// Quantile of ascending values, linear between ranks; the form of the upper half keeps the last bit of numpy's. Empty:
// 0.
double quantile(std::span<const double> ascending, double q);

// Sum of (2i - N - 1) a_i / (N T) over ascending counts. No counts or no total: 0.
double gini(std::vector<std::uint64_t> counts);
double gini(std::vector<double> shares);

// Share of the k = max(1, ceil(f N)) largest.
double top_fraction_share(std::vector<std::uint64_t> counts, double fraction);
double top_fraction_share(std::vector<double> shares, double fraction);
std::uint64_t top_group(std::uint64_t countries, double fraction);
// Share of the `k` largest.
double top_count_share(std::vector<std::uint64_t> counts, std::size_t k);
// Sum of squared shares.
double herfindahl(std::span<const std::uint64_t> counts);

// Largest distance of two empirical distribution functions; both ascending and not empty.
double kolmogorov_smirnov(std::span<const double> a, std::span<const double> b);

}  // namespace placewright::realism
