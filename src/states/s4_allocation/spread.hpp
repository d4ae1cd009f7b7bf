// Keeps a pair from piling up on few tiles: the soft guard and the residual spreading of spec S2-S4 §3.4 D to F.
#pragma once

#include <cstdint>
#include <vector>

#include "contracts/policy_s4.hpp"
#include "states/s4_allocation/plan.hpp"

namespace placewright::states::s4_allocation {

struct Moves {
  std::int64_t guard = 0;
  std::int64_t residual = 0;
};

// Moves single sites between tiles of a country of `tiles` tiles; `shares` (ascending by rank, each >= 1, together `sites`)
// stays so. Cost: the number of tiles in use plus moves times a logarithm, whatever the size of the country.
Moves spread(std::vector<Share>& shares, std::uint64_t tiles, std::int64_t sites, const contracts::PolicyS4& policy);

}  // namespace placewright::states::s4_allocation
