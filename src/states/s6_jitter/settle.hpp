// One point in its tile and in its country by settled_v1, which never stops (docs/states/s6.md).
#pragma once

#include "geo/settle.hpp"
#include "states/s6_jitter/place.hpp"

namespace placewright::states::s6_jitter {

// Appends one event for each attempt. Attempt `max_attempts` + 1, if it comes to that, is the way out. What is tested
// is the point that S7 will publish. `ground`: narrowing() of the tile.
void settle(const SiteKey& site, const geo::TileBounds& tile, const geo::Narrowing& ground, const rng::Stream& stream,
            std::int64_t max_attempts, const Land& land, std::vector<datasets::JitterEvent>& events, Placed& placed);

}  // namespace placewright::states::s6_jitter
