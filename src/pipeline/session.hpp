// Everything a run needs before its first state: folder, identity, contracts, roots, lock.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "contracts/dictionary.hpp"
#include "placewright/run.hpp"
#include "report/log.hpp"
#include "store/lock.hpp"
#include "store/receipt.hpp"
#include "store/run_folder.hpp"
#include "work/pool.hpp"

namespace placewright::pipeline {

// Movable only as a whole, since the run folder refers to the dictionary.
struct Session {
  std::unique_ptr<contracts::Dictionary> dictionary;
  std::unique_ptr<store::RunFolder> run;
  std::unique_ptr<store::Lock> lock;
  std::string build_commit;
  std::uint64_t outlets = 0;  // known before the run folder exists (dry run of an own run); else 0
  std::map<Iso, std::uint64_t> outlets_by_country;  // of an own run
  std::string weights_policy;                       // text of its S2 policy
  std::vector<std::string> notes;  // what the session chose on its own, for the log
};

Result<contracts::Dictionary> load_contracts(const std::string& root, const std::string& layout);

// Those given, else those of the receipt.
std::vector<std::filesystem::path> external_roots(const Json& receipt, const std::vector<std::string>& given);

// `--run-id`, or the latest receipt below `runs_root`.
Result<Session> attach(const RunOptions& options);

// `--catalogue`: imports it if it is a file, mints the identity (rulings 1), lays out policies and upstream bundle
// under <out>/<run_id>. Another run or foreign files in that place: PW_OTHER_RUN. A dry run writes nothing there.
Result<Session> begin_own(const RunOptions& options, report::Log& log, work::Pool& pool);

// Locations from ENGINE_* where a flag is absent; knobs of the reference that would change results are named in
// `warnings` and ignored (rulings 10).
RunOptions with_environment(RunOptions options, std::vector<std::string>& warnings);

// git_commit_hex or build_commit of the receipt, else ENGINE_GIT_COMMIT, else the upstream bundle's, else 64 zeros;
// 40 digits are padded to 64.
Result<std::string> build_commit(const Json& receipt, const store::RunFolder& run);

}  // namespace placewright::pipeline
