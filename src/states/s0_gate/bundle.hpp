// The upstream validation bundle: whole, passed, and of this run (spec S0-S1 §2.4, rows 6 to 15).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "store/run_folder.hpp"

namespace placewright::states::s0_gate {

struct UpstreamBundle {
  store::fs::path folder;
  std::string sha256_hex;  // of the files its index names, in code-point order of their path; the flag's digest
  std::size_t files = 0;
  std::optional<Json> egress;  // egress_checksums.json when it speaks of this run's outlet catalogue
};

// The 64 digits of `sha256_hex = <64 hex digits>`, after which only white space may follow; nullopt for any other bytes.
std::optional<std::string> parse_flag(std::string_view text);

// Paths of a bundle index, ascending. E_INDEX_INVALID unless `index` is an array of objects of exactly five keys whose paths are
// plain relative ASCII paths, and both paths and artifact ids are unique.
Result<std::vector<std::string>> index_paths(const Json& index);

Result<UpstreamBundle> verify_bundle(const store::RunFolder& run);

}  // namespace placewright::states::s0_gate
