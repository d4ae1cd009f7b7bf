// The ten states, in order.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "states/context.hpp"

namespace placewright::pipeline {

struct Step {
  std::string_view state;                 // "S4"
  std::string_view title;                 // for people
  std::string_view logger;                // name of the state in the run log
  std::vector<std::string_view> writes;   // dataset ids, rows and JSONL form
  std::vector<std::string_view> compact;  // where spans or Parquet form writes others; empty: the same
  states::StateFunction run;
};

std::span<const Step> plan();

}  // namespace placewright::pipeline
