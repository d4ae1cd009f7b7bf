// The requirement rows of S3 as S4 reads and checks them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "mass/sampling.hpp"
#include "table/table.hpp"

namespace placewright::states::s4_allocation {

using Requirement = mass::PairDemand;

struct Requirements {
  std::vector<Requirement> pairs;  // rows before the first fault, in stored order
  std::optional<Error> fault;      // E408, E407, E402 or E405: counts only if no earlier pair fails
  std::uint64_t merchants = 0;
};

// Rows of all files in order, each checked as spec S2-S4 §3.3 step 4 says.
Result<Requirements> read_requirements(const table::Dataset& rows, const std::vector<Iso>& iso_codes);

}  // namespace placewright::states::s4_allocation
