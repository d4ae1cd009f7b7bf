// Do the dictionary entries of a state name schemas that exist?
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "contracts/dictionary.hpp"

namespace placewright::states {

// The first of `datasets`, in order, whose schema_ref is absent (detail missing_schema_ref), has none of `prefixes`, or
// names no node (schema_ref_invalid), as an error under `code`.
std::optional<Error> anchor_fault(const contracts::Dictionary& dictionary, std::span<const std::string_view> datasets,
                                  std::span<const std::string_view> prefixes, const std::string& code);

}  // namespace placewright::states
