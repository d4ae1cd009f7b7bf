// S6 again: every attempt of every site from its stream and the policy (spec S5-S6 §4.5, §4.7).
#pragma once

#include "verify/ground.hpp"
#include "verify/subject.hpp"

namespace placewright::verify {

// Attempt j of a site uses the j-th block of its stream and gives the offsets and sigma that the policy's law draws
// from it; all but the last lie outside the country, the last is inside and is the row of S6; attempts stay within
// max_attempts. Findings: VER_EVENT, VER_COUNTER, VER_DRAW, VER_POINT, VER_ATTEMPTS.
Result<void> check_jitter_events(Subject& subject, const Ground& ground);

}  // namespace placewright::verify
