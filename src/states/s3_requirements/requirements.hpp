// S3: how many sites each merchant wants in each country, in one pass over the outlet catalogue.
#pragma once

#include "states/context.hpp"

namespace placewright::states::s3_requirements {

// Publishes s3_requirements, s3_dropped (pairs that the denylist removes; only where the dictionary knows it) and
// s3_run_report. Codes: E301 to E315 (spec S2-S4 §2.4).
Result<Summary> run(Context& context);

}  // namespace placewright::states::s3_requirements
