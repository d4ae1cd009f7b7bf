// Digests of the published site_locations, file by file and all together.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "states/s9_validation/bundle.hpp"

namespace placewright::states::s9_validation {

struct EgressDigests {
  std::vector<EgressFile> files;  // Parquet files in code-point order of their names
  std::string composite_sha256_hex;
};
// One pass over the bytes. A file that changes size while it is read: PW_IO.
Result<EgressDigests> digest_egress(const std::filesystem::path& partition);

}  // namespace placewright::states::s9_validation
