// The runs of a root, for people and for tools.
#pragma once

#include <filesystem>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"

namespace placewright::lanes {

// One object a run, by created_utc then id: identity, lineage, profile, states done, seconds, sites, grade, disk used
// alone and shared, who names it. A folder whose receipt cannot be read is listed with `problem`.
Result<Json> list_runs(const std::filesystem::path& root);
// One run, with what each of its states did and took.
Result<Json> show_run(const std::filesystem::path& root, const std::string& run_id);

// Are two runs of this program alike enough to compare their speed, and which states of `candidate` are slower than
// (1 + threshold) times those of `authority`? {alike, differences[], states[{state, authority_s, candidate_s, ratio,
// slower}], slower[]} Times of less than 50 ms are not judged.
Result<Json> compare_speed(const std::filesystem::path& root, const std::string& authority,
                           const std::string& candidate, double threshold);

}  // namespace placewright::lanes
