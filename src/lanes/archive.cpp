#include "lanes/archive.hpp"

#include <algorithm>
#include <vector>

#include "hash/sha256.hpp"
#include "lanes/pretty.hpp"
#include "store/files.hpp"
#include "store/lock.hpp"
#include "store/receipt.hpp"

namespace placewright::lanes {
namespace {

namespace fs = std::filesystem;
constexpr auto kRecord = "archive_record.json";

std::string stamp() {
  auto text = store::wall_time().substr(0, 19);  // 2026-01-02T03:04:05
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text + "Z";
}

Result<Json> write_record(const fs::path& attempt, const std::string& run_id, const std::string& reason) {
  std::error_code error;
  const auto flag = attempt / "_passed.flag";
  Json digest;
  if (fs::exists(flag, error)) {
    PW_TRY(const auto found, hash::sha256_file(flag));
    digest = found.sha256_hex;
  }
  const Json record = {{"run_id", run_id},
                       {"reason", reason},
                       {"decision", digest.is_null() ? "FAIL" : "PASS"},
                       {"passed_flag_sha256", digest},
                       {"mover", "placewright lane archive"},
                       {"archived_utc", store::wall_time()},
                       {"place", attempt.generic_string()}};
  PW_CHECK(write_pretty(attempt / kRecord, record));
  return record;
}

std::vector<fs::path> without_record(const fs::path& folder) {
  std::vector<fs::path> attempts;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (!fs::exists(entry.path() / kRecord, error)) attempts.push_back(entry.path());
  }
  std::ranges::sort(attempts);
  return attempts;
}

}  // namespace

Result<Json> archive_bundle(const fs::path& run_root, const std::string& reason) {
  auto receipt = store::read_receipt(run_root);
  if (!receipt) return std::move(receipt).error().as("LANE_RUN");
  PW_TRY(const auto lock, store::Lock::take(run_root));
  const auto& id = receipt->identity;
  const auto name = "manifest_fingerprint=" + id.manifest_fingerprint;
  const auto validation = run_root / "data/layer1/1B/validation";
  const auto bundle = validation / name;
  std::error_code error;
  if (!fs::exists(bundle, error)) {
    for (const char* kind : {"_archived", "_failed"}) {
      for (const auto& attempt : without_record(validation / kind / name))
        return write_record(attempt, id.run_id, reason);
    }
    return Error("LANE_NO_BUNDLE", "there is no bundle " + bundle.string());
  }
  const bool passed = fs::exists(bundle / "_passed.flag", error);
  const auto attempt = validation / (passed ? "_archived" : "_failed") / name / ("attempt=" + stamp());
  if (fs::exists(attempt, error))
    return Error("LANE_IMMUTABLE", attempt.string() + " exists; an archive is never overwritten");
  PW_CHECK(store::make_folder(attempt.parent_path()));
  PW_CHECK(store::rename_path(bundle, attempt));
  return write_record(attempt, id.run_id, reason);
}

}  // namespace placewright::lanes
