// What S1 reads: sealed inputs, ISO list, polygons, the raster's header.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "geo/polygon.hpp"
#include "states/context.hpp"

namespace placewright::states::s1_tiles {

struct Inputs {
  geo::Grid grid;
  std::vector<geo::Country> countries;  // those of the ISO list, ascending
  Json versions;                        // sealed version tags, as the report names them
  std::uint64_t vector_bytes = 0;       // size of ISO list and polygons on disk
  double vector_seconds = 0;            // time to read both
};

// Steps 3 to 6 of spec S0-S1 §3.4, in that order.
Result<Inputs> read_inputs(const Context& context);

}  // namespace placewright::states::s1_tiles
