// The reference's own performance scorers, read from its run log and reports (spec realism §3.8). What this program
// measures of itself is compared in compare.hpp.
#pragma once

#include <filesystem>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"

namespace placewright::lanes {

struct Scored {
  Json json;
  std::string markdown;
};

// POPT.0: seconds a state, budgets, hotspots. A state that the log does not show complete: LANE_LOG.
Result<Scored> popt0(const std::filesystem::path& runs_root, const std::string& run_id);

struct Popt1Options {
  std::filesystem::path runs_root;
  std::string run_id;
  std::filesystem::path baseline;              // artefact of POPT.0
  std::filesystem::path witness_a, witness_b;  // S4 run reports
};
// POPT.1: is S4 inside its budget, and does the run go through.
Result<Scored> popt1(const Popt1Options& options);

// "00:12:00" of seconds, rounded half to even.
std::string hms(double seconds);

}  // namespace placewright::lanes
