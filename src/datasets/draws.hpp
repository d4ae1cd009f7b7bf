// What the draws of a run are keyed by: the run's fingerprint for the reference's methods, the seed alone for ours.
#pragma once

#include "datasets/events.hpp"

namespace placewright::datasets {

// Do the family's draws follow a method of our own (assign_v2, settled_v1), as the run's policies say?
Result<bool> own_draws(const store::RunFolder& run, EventFamily family);
// Master of the family's streams (rng/streams.hpp). PW_POLICY, PW_RECEIPT.
Result<hash::Digest> draw_master(const store::RunFolder& run, EventFamily family);

}  // namespace placewright::datasets
