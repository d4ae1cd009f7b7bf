// run_receipt.json: who a run is (spec S0-S1 §1.1).
#pragma once

#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "store/files.hpp"

namespace placewright::store {

struct Receipt {
  RunIdentity identity;
  fs::path run_root;
  Json fields;  // every field as read
};

// One run's receipt. Missing, malformed, or an identity that does not fit the folder's name: PW_RECEIPT.
Result<Receipt> read_receipt(const fs::path& run_root);

// Without a run id: the receipt with the greatest (created_utc, mtime), ties by run id. Receipts that cannot be read
// are passed over and their folders added to `skipped`. None: PW_RECEIPT.
Result<Receipt> latest_receipt(const fs::path& runs_root, std::vector<std::string>& skipped);

// Seconds since 1970 of an ISO 8601 time; a time without a zone counts as UTC.
std::optional<double> parse_time(std::string_view text);

}  // namespace placewright::store
