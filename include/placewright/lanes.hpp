// Run lanes: try a change over finished states of another run, keep what was accepted, remove what was not
// (docs/lanes.md). Nothing here throws.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "placewright/run.hpp"
#include "placewright/status.hpp"

namespace placewright {

struct LaneResult {
  Status status;
  std::vector<std::string> lines;  // for people
  std::string json;                // the same as one JSON object; "{}" when there is nothing to say
};

// The veto over an upstream (1A) run: PASS, or LANE_GUARD_FAIL / LANE_GUARD_SURFACE with the artefact written all the
// same.
struct LaneGuardOptions {
  std::string runs_root;
  std::string run_id;
  std::string authority;  // certification JSON of the upstream run in force
  std::string out;        // empty: <runs_root>/reports/segment1a_freeze_guard_<run_id>.json
  double concentration_max_regression = 0.01;
  std::uint64_t bootstrap_samples = 400;
  std::uint64_t bootstrap_seed = 20260213;
};
LaneResult lane_freeze_guard(const LaneGuardOptions& options);

// The reference's performance scorers over its own run logs. Artefacts go to <runs_root>/reports unless named.
struct LanePoptOptions {
  std::string runs_root;
  std::string run_id;
  std::string baseline, witness_a, witness_b;  // popt1 only
  std::string out_json, out_markdown;
};
LaneResult lane_popt0(const LanePoptOptions& options);
LaneResult lane_popt1(const LanePoptOptions& options);

}  // namespace placewright
