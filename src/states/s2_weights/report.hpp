// s2_run_report.json (spec S2-S4 §1.8).
#pragma once

#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "contracts/policy_s2.hpp"
#include "states/context.hpp"
#include "states/s2_weights/quantise.hpp"
#include "store/publish.hpp"

namespace placewright::states::s2_weights {

// What remains of a country once its file is written.
struct Outcome {
  Iso iso;
  std::string_view region;
  std::uint64_t tiles = 0;
  double area = 0;    // the tile count when areas are not used
  double people = 0;
  std::uint64_t bytes_read = 0;
  Weighing weighing;
};

struct Costs {
  double wall_seconds = 0, cpu_seconds = 0;
  double tile_seconds = 0, raster_seconds = 0, iso_seconds = 0;
  std::uint64_t raster_bytes = 0, iso_bytes = 0;
  std::uint64_t open_files = 0;
};

Result<Json> run_report(const Context& context, const contracts::PolicyS2& policy, const std::vector<Outcome>& countries,
                        const store::Published& published, const Costs& costs);

}  // namespace placewright::states::s2_weights
