// S9: proves the run and opens the gate (spec S7-S9 §3).
#pragma once

#include "base/result.hpp"
#include "states/context.hpp"

namespace placewright::states::s9_validation {

// Reads S7, site_locations and the random-number logs; publishes validation_bundle_1B.
//
//  (1) Every violation is recorded, none stops the state; the decision is PASS when there is none.
//  (2) PASS: seven files and the flag, byte for byte those of the reference. FAIL: no flag, and s9_failures.json with
//      code, count and samples, listed in the index.
//  (3) The decision and every byte are the same for any number of threads and either form of the event logs.
//  (4) Where policy.s9.validation.yaml asks for a level, a grade below it is a violation, and the summary tells both.
// Summary::passed is the decision. Errors: unreadable data, E913_ATOMIC_PUBLISH_VIOLATION.
Result<Summary> run(Context& context);

}  // namespace placewright::states::s9_validation
