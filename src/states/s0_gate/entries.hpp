// Do the contracts name every input, with licence, retention and schema? (spec S0-S1 §2.4, rows 3 to 5)
#pragma once

#include <array>
#include <string_view>

#include "base/result.hpp"
#include "contracts/dictionary.hpp"

namespace placewright::states::s0_gate {

// Ids that later states may read though they do not exist yet: in the receipt, without digest.
inline constexpr std::array<std::string_view, 3> kReceiptOnly = {"s3_requirements", "tile_weights", "tile_index"};

// The entries of datasets::kSealedInputs, then those above.
Result<void> check_entries(const contracts::Dictionary& dictionary);

}  // namespace placewright::states::s0_gate
