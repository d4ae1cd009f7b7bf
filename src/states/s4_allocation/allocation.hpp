// S4: splits each pair's sites over the tiles of its country, exactly and without randomness.
#pragma once

#include "states/context.hpp"

namespace placewright::states::s4_allocation {

// Publishes s4_alloc_plan and s4_run_report. Codes: E301, E401 to E414 (spec S2-S4 §3.6).
Result<Summary> run(Context& context);

}  // namespace placewright::states::s4_allocation
