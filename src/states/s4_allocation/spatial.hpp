// spatial_pps_v1: each pair's sites by systematic sampling along the country's Hilbert curve (docs/states/s4.md).
#pragma once

#include "contracts/policy_s2.hpp"
#include "contracts/policy_s4.hpp"
#include "mass/blocks.hpp"
#include "datasets/tiles.hpp"
#include "states/s4_allocation/blocks.hpp"

namespace placewright::states::s4_allocation {

struct SpatialInputs {
  const datasets::TileUniverse& tiles;
  const mass::MassSource& masses;
  const mass::PeopleRaster& raster;
  const contracts::PolicyS2& weights;
  const contracts::PolicyS4& policy;
  std::uint64_t seed = 0;
  std::vector<std::uint8_t> levels;  // orientation of each pair, by its place in the demand
  std::uint64_t sites_at_once = 0;
};

//  (1) The counts of a pair sum to its demand; each is the floor or the ceiling of demand * mass / sum of masses.
//  (2) A pair's tiles follow from seed, merchant, country, demand, orientation and the country's masses alone
//  (balanced: and from the country's outlets).
// E402, E403, E414_WEIGHT_TAMPER when raster and published sums disagree.
Result<void> allocate_spatially(std::span<const Requirement> pairs, const SpatialInputs& inputs, work::Pool& pool,
                                const TakeBlock& take);

}  // namespace placewright::states::s4_allocation
