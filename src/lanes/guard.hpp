// The freeze guard: no placement is computed for an upstream run unless it is no worse than the certified one
// (spec realism §3.7).
#pragma once

#include <filesystem>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"

namespace placewright::lanes {

struct GuardOptions {
  std::filesystem::path runs_root;
  std::string run_id;
  std::filesystem::path authority;  // certification JSON of the upstream run in force
  double concentration_max_regression = 0.01;
  std::size_t bootstrap_samples = 400;
  std::uint64_t bootstrap_seed = 20260213;
};

struct GuardOutcome {
  Json artefact;
  std::string reason;  // why it could not be judged; empty when it was
};

// The artefact has `status` PASS or FAIL; a run or authority that cannot be read makes a FAIL with `error`.
// Only a run id that is malformed or names no run is an Error (LANE_RUN).
Result<GuardOutcome> freeze_guard(const GuardOptions& options);

}  // namespace placewright::lanes
