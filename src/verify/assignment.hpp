// S5 again, from its policy-free law: draws, order, tiles (spec S5-S6 §3.5), and its events.
#pragma once

#include "verify/demand.hpp"

namespace placewright::verify {

// Each pair's sites take the tiles of its allocation in the order of their draws: VER_ALLOCATION when the tiles are not
// those allocated, VER_DRAW when they are dealt in another order. REQUIRES: sites and pairs are aligned.
Result<void> replay_assignment(Subject& subject, const std::vector<Pair>& pairs);

// One event a site, with the counter, uniform and tile that the stream gives it: VER_EVENT, VER_COUNTER, VER_DRAW.
Result<void> check_assignment_events(Subject& subject);

}  // namespace placewright::verify
