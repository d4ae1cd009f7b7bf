// S8: the sites in their public shape, under the identity (seed, manifest_fingerprint) (spec S7-S9 §2).
#pragma once

#include "base/result.hpp"
#include "states/context.hpp"

namespace placewright::states::s8_egress {

// Reads S7 alone; publishes site_locations and s8_run_summary.
//
//  (1) The rows of S7 in their order, without the tile.
//  (2) Every row keeps the constraints of spec §2.2; a coordinate that is not finite is refused, as is a country with
//      anything but two letters A-Z.
//  (3) The parameter hash appears in no path and no row.
Result<Summary> run(Context& context);

}  // namespace placewright::states::s8_egress
