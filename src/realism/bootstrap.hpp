// Statistics of a certificate: intervals by resampling merchants, and two-sample tests as evidence.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "realism/frame.hpp"
#include "work/pool.hpp"

namespace placewright::realism {

constexpr std::size_t kReplicates = 2000;
constexpr std::uint64_t kBootstrapKey = 20260213;

struct Interval {
  double point = 0, low = 0, high = 0;  // 2.5 % and 97.5 % of the replicates
};
// gini, top10, top5, top1, the order of the first gates. All sites of a merchant are drawn together, with replacement;
// replicate r of seed s draws from Philox key 20260213, counter (s, r * 2^32 + i): the same on any number of threads.
Result<std::array<Interval, 4>> bootstrap(const Frame& frame, std::uint64_t seed, std::size_t replicates,
                                          work::Pool& pool);

struct KsTest {
  double d = 0, p = 1;
};
KsTest ks_test(std::span<const double> a, std::span<const double> b);  // ascending; Kolmogorov's asymptotic series

struct MannWhitney {
  double u = 0, z = 0, p = 1, effect = 0;  // effect: U / (n1 n2)
};
// Ascending values; average ranks, ties corrected, continuity 0.5, two-sided.
MannWhitney mann_whitney(std::span<const double> a, std::span<const double> b);

// Population standard deviation over mean; for |mean| <= 1e-12: 0 if all values are that small, else infinite.
double coefficient_of_variation(std::span<const double> values);

}  // namespace placewright::realism
