// How large a run will be, before it starts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "pipeline/execute.hpp"
#include "states/context.hpp"

namespace placewright::pipeline {

struct Size {
  std::uint64_t outlets = 0;
  std::uint64_t cells = 0;         // of the raster
  std::uint64_t disk_bytes = 0;    // that S1 to S9 will publish, estimated from measured bytes a row
  std::uint64_t memory_bytes = 0;  // peak, estimated
};

// `outlets`: of the catalogue if known, else 0 and it is read from the run's upstream surface. `weights_policy`: text of S2's
// policy for a run that does not hold it yet.
Result<Size> estimate(const states::Context& context, std::uint64_t outlets, const std::string& weights_policy);
std::vector<std::string> describe(const states::Context& context, Range range, const Size& size);
// PW_MEMORY when --memory is less than the estimate; PW_NO_SPACE when the disk is smaller than what is to be written.
Result<void> check_room(const states::Context& context, const Size& size);

}  // namespace placewright::pipeline
