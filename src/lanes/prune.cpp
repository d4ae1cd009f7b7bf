#include "lanes/prune.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "lanes/records.hpp"
#include "lanes/root.hpp"
#include "store/files.hpp"
#include "store/lock.hpp"

namespace placewright::lanes {
namespace {

bool failed(const fs::path& run) {
  std::error_code error;
  return fs::exists(run / "_FAILED.SENTINEL.json", error);
}

using Reasons = std::map<std::string, std::vector<std::string>>;

// Runs that stay whatever else: named by records or by the caller, not asked about, or in work.
Result<Reasons> roots_of(const PruneOptions& options, const std::vector<std::string>& runs) {
  Reasons kept;
  PW_TRY(const auto records, records_in_force(options.root));
  for (const auto& record : records) {
    for (const auto& run : runs_named(record, runs)) kept[run].push_back("named by " + record.name);
  }
  for (const auto& given : options.keep) kept[std::string(trim(given))].push_back("--keep");
  for (const auto& run : runs) {
    if (options.failed_only && !failed(options.root / run)) kept[run].push_back("did not fail");
  }
  return kept;
}

// What a run that stays was staged from stays too.
void close_over(const fs::path& root, const std::vector<std::string>& runs, Reasons& kept) {
  for (bool grown = true; grown;) {
    grown = false;
    for (const auto& run : runs) {
      const auto source = kept.contains(run) ? staged_from(root / run) : std::string();
      if (source.empty()) continue;
      const auto reason = "run " + run + " was staged from it";
      auto& reasons = kept[source];
      if (std::ranges::count(reasons, reason)) continue;
      reasons.push_back(reason);
      grown = true;
    }
  }
}

// The rename is the removal; what is left of a kill is swept by the next command.
Result<void> remove_run(const fs::path& root, const std::string& run) {
  const auto aside = root / (std::string(kPruned) + run);
  PW_CHECK(store::rename_path(root / run, aside));
  std::error_code error;
  fs::remove_all(aside, error);
  if (error) return store::file_error(aside, "cannot remove", error.value());
  return {};
}

}  // namespace

std::string staged_from(const fs::path& run_root) {
  for (const auto& [file, field] :
       {std::pair("lane_stage.json", "src_run_id"), std::pair("run_receipt.json", "staged_from_run_id")}) {
    const auto json = store::read_json(run_root / file);
    if (json && json->is_object() && json->value(field, Json()).is_string()) return json->value(field, std::string());
  }
  return {};
}

Disk disk_used(const fs::path& folder) {
  Disk disk;
  std::error_code error;
  std::set<std::pair<dev_t, ino_t>> seen;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    struct stat facts {};
    if (::lstat(entry.path().c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) continue;
    if (!seen.insert({facts.st_dev, facts.st_ino}).second) continue;
    (facts.st_nlink > 1 ? disk.shared : disk.alone) += static_cast<std::uint64_t>(facts.st_size);
  }
  return disk;
}

Result<std::vector<PruneRow>> prune(const PruneOptions& options) {
  const auto runs = run_ids(options.root);
  PW_TRY(auto kept, roots_of(options, runs));
  std::map<std::string, store::Lock> locks;  // a run that is taken up between the look and the removal must wait
  for (const auto& run : runs) {
    auto lock = store::Lock::take(options.root / run);
    if (lock)
      locks.emplace(run, std::move(*lock));
    else
      kept[run].push_back(lock.error().message());
  }
  close_over(options.root, runs, kept);
  std::vector<PruneRow> rows;
  for (const auto& run : runs) {
    PruneRow row{run, kept.contains(run), {}, disk_used(options.root / run)};
    row.reasons =
        row.kept ? kept[run] : std::vector<std::string>{failed(options.root / run) ? "failed" : "nothing names it"};
    if (!row.kept && options.yes) PW_CHECK(remove_run(options.root, run));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace placewright::lanes
