// Takes finished states of one run into another (spec realism §4.2). Everything is looked at before anything is
// written.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "lanes/share.hpp"
#include "store/run_folder.hpp"

namespace placewright::lanes {

struct Surface {
  std::string label;  // dataset, or "reference" and the like
  std::filesystem::path from, to;
  bool rekeyed = false;  // holds the run id, which gives way to the new one
  std::string without;   // lines that hold this text stay behind
};

struct StagePlan {
  std::vector<Surface> surfaces;
  std::vector<Json> receipts;  // of the states taken over, as they stand in the source
  double seconds_to_run = 0;   // what the states from `from` on took in the source
  std::string forms;           // of tables and events in the source, e.g. "spans parquet center"
};

// States S1 .. from-1 of `source` for `target`; the upstream surfaces and the run's own policies too when `whole` (a
// target that has nothing yet). A state that is unfinished, or a surface that is missing or has another size than its
// state left it with: LANE_SOURCE naming all of them.
Result<StagePlan> plan_stage(const store::RunFolder& source, const store::RunFolder& target, int from, bool whole);

// Carries it out. A surface that is there is left alone, so a repeat after a kill goes on.
Result<Shared> stage(const StagePlan& plan, const store::RunFolder& source, const store::RunFolder& target);

// One state's receipt of a run; absent when it has none.
std::optional<Json> state_receipt(const std::filesystem::path& run_root, int state);

}  // namespace placewright::lanes
