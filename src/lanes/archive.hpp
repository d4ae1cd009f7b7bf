// Moves a run's validation bundle out of the way, so that S9 can run again (spec realism §4.4).
#pragma once

#include <filesystem>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"

namespace placewright::lanes {

// To validation/_archived/manifest_fingerprint=F/attempt=<UTC>, or _failed/ where S9 withheld the flag;
// archive_record.json goes with it. A repeat after a kill completes the record. No bundle: LANE_NO_BUNDLE.
Result<Json> archive_bundle(const std::filesystem::path& run_root, const std::string& reason);

}  // namespace placewright::lanes
