// What a block's mass is multiplied by when the outlets its surroundings may expect are known: entry, then saturation
// (spec realism-model §2.1).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "contracts/policy_s4.hpp"
#include "mass/law.hpp"

namespace placewright::mass {

// Pairs with the same shift and level of orientation have the same masses.
class Catchment {
 public:
  explicit Catchment(const contracts::SpatialPps::Catchment& policy);

  // log2, rounded, of the outlets that one person per km2 lets a catchment expect, in units of the entry: n outlets of
  // a country of `people`. Only their ratio counts: twice the outlets for twice the people is the same shift.
  int shift(std::size_t level, std::int64_t outlets, double people) const;
  // Outlets whose law a pair follows: its own, or, below the policy's chain_outlets, between those of its trade in the
  // country (one outlet) and its own (chain_outlets), evenly in logarithms.
  double effective_outlets(std::int64_t outlets, double people) const;
  // By density code: floor(2^16 * h / largest h of the codes present), at least 1. h(x) = x^entry_power /
  // (1 + x)^(entry_power + saturation), x = density * 2^shift.
  std::vector<std::uint32_t> factors(std::size_t level, int shift, std::span<const DensityCode> present) const;

 private:
  double value(std::size_t level, int step) const;

  contracts::SpatialPps::Catchment policy_;

  std::array<double, kLevels> per_outlet_{};
  std::array<std::vector<double>, kLevels> values_;  // by step + kLowestStep
};

}  // namespace placewright::mass
