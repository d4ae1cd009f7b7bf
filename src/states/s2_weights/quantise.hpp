// Masses of one country to integer weights by largest remainder (spec S2-S4 §1.4).
#pragma once

#include <cstdint>
#include <functional>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "states/s2_weights/mass.hpp"

namespace placewright::states::s2_weights {

// What the country's weights are made from; the figures go into the run report.
struct Weighing {
  double mass_sum = 0;       // before a fall-back
  double prequant_sum = 0;   // of mass / total
  std::int64_t units = 0;    // K
  std::int64_t bumps = 0;    // tiles that receive one unit for their residue
  bool fallback = false;
  double total = 0;          // after a fall-back
  double cut = 0;            // residues above it are bumped ...
  std::uint64_t at_cut = 0;  // ... and, of those equal to it, the first so many in tile order
};

// Fixes the law's fall-back and finds the cut: three passes over runs, no list of tiles.
// E105_NORMALIZATION, E104_ZERO_MASS.
Result<Weighing> weigh(Iso country, const Components& components, MassLaw& law, const contracts::PolicyS2& policy);

// Calls take(length, weight) for stretches in tile order; neighbours may share a weight. The weights sum to K, else
// E105_NORMALIZATION after the last call. Stops at the first error of `take`.
Result<void> for_each_weight(Iso country, const Components& components, const MassLaw& law, const Weighing& weighing,
                             const std::function<Result<void>(std::uint64_t length, std::int64_t weight)>& take);

}  // namespace placewright::states::s2_weights
