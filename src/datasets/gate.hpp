// The gate receipt of S0 as later states read it: it says whether this run may read its inputs (spec S2-S4 §0.5).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "store/run_folder.hpp"

namespace placewright::datasets {

// Codes under which one state reports a bad receipt.
struct GateCodes {
  std::string_view wrong_fingerprint;  // "E306_TOKEN_MISMATCH"
  std::string_view not_sealed;         // "E311_DISALLOWED_READ"
};

// The receipt exists (else E301_NO_PASS_FLAG), has the receipt's shape (else E_RECEIPT_SCHEMA_INVALID), belongs to this
// run, and lists every id of `required` among its sealed inputs.
Result<void> check_gate_receipt(const store::RunFolder& run, const std::vector<std::string>& required, const GateCodes& codes);

}  // namespace placewright::datasets
