// Are two runs the same but for their ids (spec realism §3.10).
#pragma once

#include <string>

#include "base/json.hpp"
#include "base/result.hpp"
#include "store/receipt.hpp"

namespace placewright::lanes {

// {run_a, run_b, compared[{field, equal}], bytes[{dataset, sha_a, sha_b, equal}], all_equal}. The validation bundle is
// compared by its decision, since its digests cover texts that name the run.
Result<Json> compare_runs(const store::Receipt& a, const store::Receipt& b, const std::string& score_a,
                          const std::string& score_b);

// placewright_seal.json of a run; LANE_SOURCE when S0 has not made one.
Result<Json> seal_of(const store::Receipt& run);
// [{file, version, sha256}] of the policies a run was sealed with.
Json policies_of(const store::Receipt& run, const Json& seal);

}  // namespace placewright::lanes
