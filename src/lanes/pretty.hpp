// The text form of scorer artefacts and lane records: sorted keys, two blanks a level, no newline at the end.
#pragma once

#include <filesystem>
#include <string>

#include "base/json.hpp"

namespace placewright::lanes {

std::string pretty(const Json& value);
Result<void> write_pretty(const std::filesystem::path& file, const Json& value);  // aside, synced, renamed

}  // namespace placewright::lanes
