// The masses of a country's blocks as one kind of pair sees them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mass/blocks.hpp"
#include "mass/catchment.hpp"

namespace placewright::mass {

// Running sums over the blocks of a country, and how often each unit of a block's own mass counts.
struct PairMass {
  std::vector<std::uint64_t> before;   // by block, and the total at the end
  std::vector<std::uint32_t> factors;  // by block

  std::uint64_t total() const { return before.back(); }
};

// Density codes of a country's blocks, ascending, once each.
std::vector<DensityCode> density_codes(const CountryMasses& country);
// Lifelike: block mass of the level times its catchment's factor. `codes` are the country's.
PairMass catchment_mass(const CountryMasses& country, std::span<const DensityCode> codes, const Catchment& catchment,
                        std::size_t level, int shift);
// Balanced: the densest blocks, ties by index, until their land reaches `km2`; the block that crosses it counts. 0:
// all.
PairMass support_mass(const CountryMasses& country, double km2);

}  // namespace placewright::mass
