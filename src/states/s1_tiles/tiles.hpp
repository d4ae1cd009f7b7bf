// S1: which raster cells belong to each country, with centre, area and rectangle (spec S0-S1, part 3).
#pragma once

#include "states/context.hpp"

namespace placewright::states::s1_tiles {

// Publishes tile_index and tile_bounds (rows) or tile_spans (spans), then s1_run_report. Failures: E001_GEO_INVALID,
// E002_RASTER_MISMATCH, E003_DUP_TILE, E004_BOUNDS, E005_ISO_FK, E006_AREA_NONPOS; with several faults, that of the
// first country in code order.
Result<Summary> run(Context& context);

}  // namespace placewright::states::s1_tiles
