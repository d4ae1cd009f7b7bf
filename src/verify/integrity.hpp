// Bytes: do sealed inputs, published outputs and the bundle still have the digests that were recorded?
#pragma once

#include "verify/subject.hpp"

namespace placewright::verify {

Result<void> check_sealed_inputs(Subject& subject);  // sealed_inputs_1B.json
Result<void> check_seal(Subject& subject);           // placewright_seal.json
Result<void> check_state_outputs(Subject& subject);  // receipts/S<k>.json; runs of other programs have none

}  // namespace placewright::verify
