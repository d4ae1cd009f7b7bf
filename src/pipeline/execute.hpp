// Runs states in order over one run folder, skipping what is published and intact.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "placewright/run.hpp"
#include "states/context.hpp"

namespace placewright::pipeline {

struct Range {
  std::size_t first = 0;  // index into plan()
  std::size_t last = 9;
};
Result<Range> parse_range(const std::string& from, const std::string& until);  // PW_USAGE

// Appends an outcome for every state done. A failure is written to the run log as S<k>_ERROR and returned.
Result<void> execute(states::Context& context, Range range, std::vector<StateOutcome>& outcomes);

}  // namespace placewright::pipeline
