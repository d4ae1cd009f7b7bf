// YAML 1.1 scalars as PyYAML's safe loader resolves them (spec S0-S1 §1.4), into JSON values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace placewright::contracts {

// Unquoted NO is false, 1e-9 is text, 2025-12-31 is a date (kept as {"$date": "2025-12-31"}, which no policy field
// accepts as text); duplicate keys: the last wins; anchors and merge keys work. A key that is no text becomes the text of
// its value ("false" for an unquoted NO). Malformed, more than one document, a tag the safe loader refuses, an integer
// beyond 64 bits, deeper than 200 levels, or more than a million values once aliases are expanded: PW_YAML with the line.
Result<Json> parse_yaml(std::string_view text, std::string_view source);

// Keys of the top-level mapping in the order they stand in the text, once each; Json itself keeps keys sorted.
Result<std::vector<std::string>> yaml_keys(std::string_view text, std::string_view source);

// What one unquoted scalar means; nullopt for an integer that 64 bits cannot hold.
std::optional<Json> resolve_scalar(const std::string& text);

}  // namespace placewright::contracts
