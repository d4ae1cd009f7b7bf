// S0, gate: the upstream run passed and is this run's, every input is there, and all of them are sealed (docs/states/s0.md).
#pragma once

#include "states/context.hpp"

namespace placewright::states::s0_gate {

// Writes sealed_inputs_1B, placewright_seal and s0_gate_receipt_1B, in this order; nothing on failure. A repeat over unchanged
// inputs keeps what is published, also what another program published, and says so.
Result<Summary> run(Context& context);

}  // namespace placewright::states::s0_gate
