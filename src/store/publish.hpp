// Write-once publishing: stage aside, fsync, compare or rename, fsync the folder. Whatever fails leaves the target
// as it was and no staging behind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "store/run_folder.hpp"

namespace placewright::store {

// A folder below <run>/tmp that disappears unless it is published.
class Staging {
 public:
  static Result<Staging> create(const RunFolder& run, std::string_view label);
  ~Staging();
  Staging(Staging&&) noexcept;
  Staging& operator=(Staging&&) noexcept;
  const fs::path& path() const { return path_; }

 private:
  explicit Staging(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

struct Published {
  fs::path path;
  std::string printed_path;  // as determinism receipts show it
  std::string sha256_hex;    // partition digest (hash::sha256_folder) or file digest
  std::uint64_t bytes = 0;
  bool existed = false;      // an equal one was there already
};

// Compares a staged partition with a published one whose bytes differ, e.g. one written by another program; true when
// the rows are equal. Empty: bytes decide.
using SameRows = std::function<Result<bool>(const fs::path& staged, const fs::path& published)>;

// Publishes folder `staged` (Staging::path() or a folder below it) as dataset `dataset`. Target with other content:
// Error `conflict_code` with detail partition_exists_nonidentical and dataset.
Result<Published> publish_folder(const RunFolder& run, const fs::path& staged, std::string_view dataset,
                                 std::string_view conflict_code = "E_IMMUTABLE_PARTITION_EXISTS_NONIDENTICAL",
                                 const SameRows& same_rows = {});
Result<Published> publish_file(const RunFolder& run, const fs::path& staged, std::string_view dataset,
                               std::string_view conflict_code = "E_IMMUTABLE_PARTITION_EXISTS_NONIDENTICAL");
// Run reports stand outside the write-once law: written atomically, replacing an older one.
Result<void> publish_report(const RunFolder& run, std::string_view dataset, const Json& report);

// {"partition_path", "sha256_hex", "bytes_hashed"} of a published partition.
Json determinism_receipt(const Published& published);

}  // namespace placewright::store
