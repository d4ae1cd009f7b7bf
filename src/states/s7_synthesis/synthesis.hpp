// S7: tile assignments and jitter deltas become coordinates, one row a site (spec S7-S9 §1).
#pragma once

#include "base/result.hpp"
#include "states/context.hpp"

namespace placewright::states::s7_synthesis {

// Reads S5, S6, the catalogue and the tiles; publishes s7_site_synthesis and s7_run_summary.
//
//  (1) One row for each site of S5, S6 and the catalogue without the denylisted countries, in key order.
//  (2) lon = wrap(centroid + delta), lat = centroid + delta in binary64, inside the tile's rectangle within 1e-9.
//  (3) The first fault in the order of spec §1.4 and §1.5 is the one reported: E701 .. E712.
Result<Summary> run(Context& context);

}  // namespace placewright::states::s7_synthesis
