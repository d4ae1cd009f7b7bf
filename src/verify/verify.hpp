// Re-checks a finished run from its published files alone. Shares no code with the states it checks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "contracts/dictionary.hpp"
#include "report/log.hpp"
#include "work/pool.hpp"

namespace placewright::verify {

struct Finding {
  std::string code;
  std::string where;  // file, site or pair
  std::string what;
};

struct Report {
  std::uint64_t sites = 0;  // rows of site_locations
  std::uint64_t bytes_hashed = 0;
  std::vector<Finding> findings;    // empty: everything holds
  std::vector<std::string> proven;  // one sentence a law that held
};

struct Options {
  std::vector<std::filesystem::path> external_roots;  // empty: those of the receipt
  bool integrity_only = false;                        // digests and gate, not the laws
};

// Always: the receipt names the folder; sealed inputs and placewright_seal.json still have their digests; so do the
// outputs that the state receipts list; the consumer gate of spec S7-S9 §5, all eight steps.
// Unless integrity_only, from the tables and logs:
//   demand = catalogue without denylisted countries = allocation sums = sites of each pair, orders 1 .. n;
//   tiles belong to their country; each pair's assignment is the replay of its draws over its allocation;
//   coordinates are centre plus jitter, inside tile and country, and equal in S7 and site_locations bit for bit;
//   every event has the counter and the value its stream gives it, no counter is missing or used twice, rejected
//   attempts lie outside the country, the last attempt is the published one, attempts stay within the policy.
// What is found is a finding, never an error. Errors: no receipt, or inputs that cannot be located.
Result<Report> verify_run(const std::filesystem::path& run_root, const contracts::Dictionary& dictionary,
                          const Options& options, work::Pool& pool, report::Log& log);

}  // namespace placewright::verify
