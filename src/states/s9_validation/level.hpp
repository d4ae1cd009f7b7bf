// The level a run must reach before S9 gives the flag, if a policy asks for one.
#pragma once

#include <optional>

#include "contracts/policy_s9.hpp"
#include "states/context.hpp"
#include "states/s9_validation/bundle.hpp"
#include "states/s9_validation/failures.hpp"

namespace placewright::states::s9_validation {

// Without policy.s9.validation.yaml, or under a foreign dictionary that does not know it: no level. PW_POLICY.
Result<contracts::PolicyS9> read_validation_policy(const store::RunFolder& run);

// Records E915 when the grade is below the level. Nullopt when no level is asked for; then nothing is graded.
Result<std::optional<GradeFacts>> check_level(Context& context, Failures& failures);

}  // namespace placewright::states::s9_validation
