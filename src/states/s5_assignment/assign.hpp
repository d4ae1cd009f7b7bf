// Which site of a pair takes which of the pair's tiles (spec S5-S6 §3.5).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/ids.hpp"
#include "datasets/events.hpp"
#include "rng/streams.hpp"

namespace placewright::states::s5_assignment {

// Appends one event for each site 1 .. sum of `counts`, in site order.
//
//  (1) Site s draws u from block s - 1 of the pair's stream; counter and u of the event are those.
//  (2) The sites in ascending (u, site) take the tiles in ascending order, each tile as often as its count says.
//
// REQUIRES: `tiles` ascending (equal neighbours count as one tile), counts > 0, their sum below 2^32.
void assign(MerchantId merchant, Iso country, const rng::Stream& stream, std::span<const TileId> tiles,
            std::span<const std::int64_t> counts, std::vector<datasets::AssignmentEvent>& out);

}  // namespace placewright::states::s5_assignment
