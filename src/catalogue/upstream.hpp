// From a catalogue pack to the upstream surfaces S0 asks for (spec upstream A.4 to A.6).
#pragma once

#include "catalogue/identity.hpp"
#include "catalogue/pack.hpp"
#include "store/run_folder.hpp"
#include "work/pool.hpp"

namespace placewright::catalogue {

// Publishes outlet_catalogue, s3_candidate_set and the validation bundle with its flag below the run, in that order.
// Memory does not grow with the number of outlets. The inputs must be those the run's identity was minted from
// (PW_DEFECT). What is there and equal is left alone; other content is E_IMMUTABLE_PARTITION_EXISTS_NONIDENTICAL.
// All times are the logical time, the commit is 64 zeros.
Result<void> write_upstream(const Pack& pack, const IdentityInputs& inputs, const store::RunFolder& run, work::Pool& pool);

}  // namespace placewright::catalogue
