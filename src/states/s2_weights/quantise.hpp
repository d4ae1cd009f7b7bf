// Masses of one country to integer weights by largest remainder (spec S2-S4 §1.4).
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "states/s2_weights/mass.hpp"

namespace placewright::states::s2_weights {

// What the country's weights are made from; the figures go into the run report.
struct Weighing {
  double mass_sum = 0;      // before a fall-back
  double prequant_sum = 0;  // of mass / total
  std::int64_t units = 0;   // K
  std::int64_t bumps = 0;   // tiles that receive one unit for their residue
  bool fallback = false;
  double total = 0;          // after a fall-back
  double cut = 0;            // residues above it are bumped ...
  std::uint64_t at_cut = 0;  // ... and, of those equal to it, the first so many in tile order
};

// Finds the cut in two passes over runs, without a list of tiles. Masses that sum to nothing become equal.
// E105_NORMALIZATION, E104_ZERO_MASS.
Result<Weighing> weigh(Iso country, Masses& masses, const contracts::PolicyS2& policy);

// A mass as units, cut into the whole ones and the rest.
struct Quota {
  std::int64_t whole;
  double residue;

  // Multiplied first: the order decides residues. REQUIRES: the quota is below 2^63 and not negative, for which cutting
  // to an integer is the floor.
  static Quota of(double mass, double units, double total) {
    const double q = mass * units / total;
    const auto whole = static_cast<std::int64_t>(q);
    return {whole, q - static_cast<double>(whole)};
  }
};

Error wrong_weights(Iso country, std::int64_t sum, std::int64_t expected);

// Calls take(length, weight) for stretches in tile order; neighbours may share a weight. The weights sum to K, else
// E105_NORMALIZATION after the last call. Stops at the first error of `take`.
template <class Take>
Result<void> for_each_weight(Iso country, const Masses& masses, const Weighing& weighing, const Take& take) {
  auto at_cut = weighing.at_cut;
  const auto units = static_cast<double>(weighing.units);
  const double cut = weighing.bumps > 0 ? weighing.cut : 2;  // no residue reaches 1
  std::int64_t sum = 0;                                      // of at most `units` and one a tile
  for (const auto& piece : masses.runs()) {
    for (std::size_t run = 0; run < piece.count(); ++run) {
      const auto [whole, residue] = Quota::of(piece.values()[run], units, weighing.total);
      std::uint64_t length = piece.lengths()[run];
      const auto put = [&](std::uint64_t tiles, std::int64_t weight) {
        sum += weight * static_cast<std::int64_t>(tiles);
        return take(tiles, weight);
      };
      if (residue == cut && at_cut > 0) {
        const auto bumped = std::min(length, at_cut);
        at_cut -= bumped;
        length -= bumped;
        PW_CHECK(put(bumped, whole + 1));
      }
      if (length > 0) PW_CHECK(put(length, whole + (residue > cut ? 1 : 0)));
    }
  }
  return sum == weighing.units ? Result<void>() : wrong_weights(country, sum, weighing.units);
}

}  // namespace placewright::states::s2_weights
