// S4: splits each pair's sites over the tiles of its country, exactly and without randomness.
#pragma once

#include "states/context.hpp"

namespace placewright::states::s4_allocation {

// Publishes s4_alloc_plan and s4_run_report. Codes: E301, E401 to E414 (spec S2-S4 §3.6).
Result<Summary> run(Context& context);

// By mass: sites looked up together, the raster being read once for so many; fewer under a memory limit (0: none).
constexpr std::uint64_t kBytesPerSiteAtOnce = 160;  // measured
constexpr std::uint64_t sites_at_once(std::uint64_t memory_bytes) {
  constexpr std::uint64_t kMost = 8'000'000;
  const auto fit = memory_bytes / 4 / kBytesPerSiteAtOnce;
  return memory_bytes > 0 && fit < kMost ? fit : kMost;
}

}  // namespace placewright::states::s4_allocation
