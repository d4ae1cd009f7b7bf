// Masses and allocation of our own methods again, from the sealed rasters and the policies.
#pragma once

#include "verify/demand.hpp"

namespace placewright::verify {

// S2's block sums are those of the raster: VER_MASS. The plan is what the pairs' starts give: VER_ALLOCATION. Runs that
// published weights instead have nothing to check here.
bool has_masses(const Subject& subject);
Result<void> check_masses(Subject& subject);
Result<void> replay_sampling(Subject& subject, const std::vector<Pair>& pairs);

}  // namespace placewright::verify
