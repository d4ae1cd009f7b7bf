// JSON values and the two text forms that published files use.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace placewright {

// Keys are kept sorted by code point; integers up to 2^64-1 stay exact.
using Json = nlohmann::json;

// Both forms: keys sorted at every level, non-ASCII as \uxxxx, no trailing newline, doubles in shortest round-trip
// form laid out as Python's repr does (1.0, 1e-07, 1e+16).
std::string compact(const Json& value);  // separators "," and ":"
std::string spaced(const Json& value);   // separators ", " and ": "

// Parses UTF-8 text. `source` names the text in the error (code PW_JSON). Depth is limited to 200.
Result<Json> parse_json(std::string_view text, std::string_view source);

}  // namespace placewright
