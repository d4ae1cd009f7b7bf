// A lane before it runs: its source, what changed since, and the states that it takes over.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "lanes/stage.hpp"
#include "pipeline/session.hpp"
#include "placewright/lanes.hpp"

namespace placewright::pipeline {

inline constexpr auto kStageRecord = "lane_stage.json";

struct Lane {
  store::Receipt source_receipt;
  std::unique_ptr<contracts::Dictionary> dictionary;
  std::unique_ptr<store::RunFolder> source;
  Json seal;
  std::vector<std::string> changed;  // ids of inputs that differ from what the source read
  int from = 0;
  RunOptions run;  // how the new run is run
  lanes::StagePlan plan;
  lanes::Shared shared;
};

// LANE_RUN without a source of that name, LANE_SOURCE when the source has not got as far as S1.
Result<void> open_source(const LaneRerunOptions& options, Lane& lane);

// Sets `from`: the state asked for, else the first that `changed` reaches, else `otherwise`. LANE_STALE when the state
// asked for comes after one that reads what has changed.
Result<void> choose_from(const LaneRerunOptions& options, Lane& lane, int otherwise);

Json stage_record(const LaneRerunOptions& options, const Lane& lane, const std::string& run_id);

// Stages a run of the source's identity under a fresh id and returns the id.
Result<std::string> begin_fresh(const LaneRerunOptions& options, Lane& lane, work::Pool& pool);

// Stages an own run with an identity of its own (other seed, policies or catalogue) and returns its id.
Result<std::string> begin_own_lane(const LaneRerunOptions& options, Lane& lane, work::Pool& pool);

}  // namespace placewright::pipeline
