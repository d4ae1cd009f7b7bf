// Where each merchant stands between everyday and metropolitan.
#pragma once

#include <vector>

#include "contracts/policy_s4.hpp"
#include "states/s4_allocation/demand.hpp"
#include "store/run_folder.hpp"

namespace placewright::states::s4_allocation {

// Level of orientation by pair: the nearest to what the catalogue gives the merchant, else drawn from the policy's
// shares by the merchant's own stream, so that it has one orientation everywhere. PW_TABLE: a value outside 0 to 1.
Result<std::vector<std::uint8_t>> orientation_levels(const store::RunFolder& run, const contracts::SpatialPps& policy,
                                                     std::span<const Requirement> pairs);

}  // namespace placewright::states::s4_allocation
