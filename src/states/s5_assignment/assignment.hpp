// S5: the sites of a pair draw lots for the tiles that S4 gave the pair (spec S5-S6 §3).
#pragma once

#include "base/result.hpp"
#include "states/context.hpp"

namespace placewright::states::s5_assignment {

// Reads the allocation plan, the tiles and the ISO table; publishes s5_site_tile_assignment, its event log (with trace
// in JSONL form), the audit row and s5_run_report, in this order.
//
//  (1) One row and one event for each site 1 .. N of every pair, N being the plan's sum; counts never change.
//  (2) Rows ascend by (merchant, country, site); draws follow from identity and key alone.
//  (3) The first fault in plan order is the one reported: E301, E508, E510, E501, then E509, E302, E505, E503 row by
//  row.
Result<Summary> run(Context& context);

}  // namespace placewright::states::s5_assignment
