// S6: every site gets a point inside its tile and its country (spec S5-S6 §4).
#pragma once

#include "base/result.hpp"
#include "states/context.hpp"

namespace placewright::states::s6_jitter {

// Reads S5's assignments, the tiles, the country polygons and the jitter policy; publishes s6_site_jitter, its event
// log (with the complete trace in JSONL form), the audit row if absent, and s6_run_report, in this order.
//
//  (1) One row for each row of S5, in its order; at least one event for each.
//  (2) The point of the last attempt lies in the closed tile and in the closed country polygon; the row holds its
//  offset
//      from the tile's centre.
//  (3) Attempts follow from identity, policy and key alone; at most policy.max_attempts.
//  (4) The first fault in row order is the one reported: E608 and E606 for the countries of a row group, then E603,
//  E605,
//      E607, E613 row by row.
Result<Summary> run(Context& context);

}  // namespace placewright::states::s6_jitter
