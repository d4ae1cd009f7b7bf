// Shares of countries and their rebalance: figures of the run report that never touch a weight (spec S2-S4 §1.7).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "contracts/policy_s2.hpp"

namespace placewright::states::s2_weights {

struct Balance {
  std::vector<double> shares;
  std::int64_t iterations = 0;
  bool converged = true;
  double max_abs_delta = 0;
};

std::vector<double> safe_normalize(std::vector<double> values);

// Floors, caps, top-k targets and penalty of `blend`, in that order, until the shares move no more than its tolerance.
// `regions[i]` is the macro region of country i. A disabled blend only normalises.
Balance rebalance(const std::vector<double>& base, std::span<const std::string_view> regions, const contracts::Blend& blend);

double gini(std::vector<double> values);                                  // 0 for no values or a zero sum
double top_fraction_share(std::vector<double> values, double fraction);   // of the max(1, ceil(n * fraction)) largest

}  // namespace placewright::states::s2_weights
