// S2: a mass for every tile, as integer weights that sum to 10^dp in each country.
#pragma once

#include "states/context.hpp"

namespace placewright::states::s2_weights {

// Publishes tile_weights (rows form) or weight_runs (spans form), one file a country, and s2_run_report.
// Codes: E101, E103, E104, E105, E108 (spec S2-S4 §1.5).
Result<Summary> run(Context& context);

}  // namespace placewright::states::s2_weights
