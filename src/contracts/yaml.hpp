// YAML 1.1 scalars as PyYAML's safe loader resolves them (spec S0-S1 §1.4), into JSON values.
#pragma once

#include <string_view>

#include "base/json.hpp"

namespace placewright::contracts {

// Unquoted NO is false, 1e-9 is text, 2025-12-31 is a date (kept as {"$date": "2025-12-31"}, which no policy field
// accepts as text); duplicate keys: the last wins; anchors and merge keys work. Malformed: PW_YAML with line.
Result<Json> parse_yaml(std::string_view text, std::string_view source);

}  // namespace placewright::contracts
