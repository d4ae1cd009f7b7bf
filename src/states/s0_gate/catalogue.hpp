// The outlet catalogue: in its place, of this run, and as certified (spec S0-S1 §2.4, rows 16 and 17).
#pragma once

#include <optional>

#include "base/json.hpp"
#include "datasets/input_files.hpp"
#include "states/context.hpp"

namespace placewright::states::s0_gate {

// The folder exists and holds *.parquet directly, none deeper: E_PARTITION_MISPLACED.
Result<void> check_place(const store::RunFolder& run);

// Every row names this run's fingerprint, and its seed where the column global_seed exists: E_PATH_EMBED_MISMATCH.
Result<void> check_lineage(Context& context);

// `input` is the hashed catalogue. Its digest is the certified one; E_CATALOGUE_DIGEST_MISMATCH otherwise. Returns the digest.
Result<std::string> check_digest(const datasets::Input& input, const std::optional<Json>& egress);

}  // namespace placewright::states::s0_gate
