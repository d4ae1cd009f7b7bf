// What may be removed: nothing that a record, a run in work, or a run that stays is made of (spec realism §4.5).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace placewright::lanes {

struct Disk {
  std::uint64_t alone = 0;   // bytes of files that no other folder links to
  std::uint64_t shared = 0;  // bytes of files that lie elsewhere too
};
Disk disk_used(const std::filesystem::path& folder);

struct PruneOptions {
  std::filesystem::path root;
  bool failed_only = false;       // only runs that hold _FAILED.SENTINEL.json
  std::vector<std::string> keep;  // run ids, blanks around them ignored
  bool yes = false;               // without it nothing is removed
};

struct PruneRow {
  std::string run_id;
  bool kept = false;
  std::vector<std::string> reasons;
  Disk disk;
};

// Every run of the root with its fate, by id. The caller holds the root's lock. A record that cannot be read:
// LANE_RECORD, and nothing is removed.
Result<std::vector<PruneRow>> prune(const PruneOptions& options);

// The run a run was staged from; empty for none.
std::string staged_from(const std::filesystem::path& run_root);

}  // namespace placewright::lanes
