// S2 for masses of our own: block sums instead of a weight for every tile.
#pragma once

#include "contracts/policy_s2.hpp"
#include "states/context.hpp"
#include "states/s2_weights/inputs.hpp"

namespace placewright::states::s2_weights {

// Publishes mass_blocks, one file a country, and s2_run_report (docs/states/s2.md). E105_NORMALIZATION.
Result<Summary> run_masses(Context& context, const contracts::PolicyS2& policy, Universe& universe);

}  // namespace placewright::states::s2_weights
