// Re-checks a finished run from its published files alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "placewright/status.hpp"

namespace placewright {

struct VerifyOptions {
  std::string run_folder;
  std::vector<std::string> external_roots;  // empty: those of the receipt
  std::string contracts_root;
  std::string contracts_layout = "model_spec";
  bool integrity_only = false;  // digests, not laws
  unsigned threads = 0;
  bool quiet = false;
};

struct Finding {
  std::string code;
  std::string where;
  std::string what;
};

struct VerifyResult {
  Status status;  // exit code 3 when there are findings
  std::uint64_t sites = 0;
  std::uint64_t bytes_hashed = 0;
  std::vector<Finding> findings;
  std::vector<std::string> proven;  // one sentence per law that held
};

VerifyResult verify_run(const VerifyOptions& options);

}  // namespace placewright
