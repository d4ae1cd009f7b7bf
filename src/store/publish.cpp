#include "store/publish.hpp"

#include <unistd.h>

#include <atomic>

#include "hash/sha256.hpp"
#include "store/digest_memory.hpp"

namespace placewright::store {
namespace {

// Unique among live processes; a leftover of a killed one is swept by sweep_staging.
std::string unique_suffix() {
  static std::atomic<std::uint64_t> counter{0};
  return hash::sha256_hex(std::to_string(::getpid()) + ":" + std::to_string(counter++) + ":" + wall_time()).substr(0, 32);
}

Result<void> sync_tree(const fs::path& folder) {
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; it != end && !error; it.increment(error)) {
    PW_CHECK(sync_path(it->path()));
  }
  if (error) return file_error(folder, "cannot list", error.value());
  return sync_path(folder);
}

Error conflict(std::string_view code, std::string_view dataset, const fs::path& target, const std::string& staged,
               const std::string& found) {
  return Error(std::string(code), "dataset " + std::string(dataset) + " is published already with other content: " +
                                      target.string() + " has digest " + found + ", this run made " + staged)
      .with("detail", "partition_exists_nonidentical")
      .with("dataset", std::string(dataset));
}

}  // namespace

Result<Staging> Staging::create(const RunFolder& run, std::string_view label) {
  const auto path = run.root() / "tmp" / (std::string(label) + "_" + unique_suffix());
  PW_CHECK(make_folder(path));
  return Staging(path);
}

Staging::~Staging() {
  if (path_.empty()) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Staging::Staging(Staging&& other) noexcept : path_(std::exchange(other.path_, {})) {}

Staging& Staging::operator=(Staging&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

Result<Published> publish_folder(const RunFolder& run, const fs::path& staged, std::string_view dataset,
                                 std::string_view conflict_code, const SameRows& same_rows) {
  PW_TRY(const auto target, run.target(dataset));
  PW_TRY(const auto digest, hash::sha256_folder(staged));
  Published published{target, run.shown(target), digest.sha256_hex, digest.bytes, false};
  std::error_code error;
  if (fs::exists(target, error)) {
    PW_TRY(const auto found, hash::sha256_folder(target));
    PW_TRY(const auto names, hash::files_below(target));
    PW_TRY(const auto staged_names, hash::files_below(staged));
    const bool same_bytes = found.sha256_hex == digest.sha256_hex && names == staged_names;
    bool same = same_bytes;
    if (!same_bytes && same_rows) {
      PW_TRY(same, same_rows(staged, target));
    }
    if (!same) return conflict(conflict_code, dataset, target, digest.sha256_hex, found.sha256_hex);
    published.existed = true;
    published.sha256_hex = found.sha256_hex;
    published.bytes = found.bytes;
    return published;
  }
  PW_CHECK(sync_tree(staged));
  PW_CHECK(make_folder(target.parent_path()));
  PW_CHECK(rename_path(staged, target));
  published_digests().keep(target, digest);
  return published;
}

Result<Published> publish_file(const RunFolder& run, const fs::path& staged, std::string_view dataset,
                               std::string_view conflict_code) {
  PW_TRY(const auto target, run.target(dataset));
  PW_TRY(const auto digest, hash::sha256_file(staged));
  Published published{target, run.shown(target), digest.sha256_hex, digest.bytes, false};
  std::error_code error;
  if (fs::exists(target, error)) {
    PW_TRY(const auto found, hash::sha256_file(target));
    if (found.sha256_hex != digest.sha256_hex) return conflict(conflict_code, dataset, target, digest.sha256_hex, found.sha256_hex);
    published.existed = true;
    return published;
  }
  PW_CHECK(sync_path(staged));
  PW_CHECK(make_folder(target.parent_path()));
  PW_CHECK(rename_path(staged, target));
  published_digests().keep(target, digest);
  return published;
}

Result<void> publish_report(const RunFolder& run, std::string_view dataset, const Json& report) {
  PW_TRY(const auto target, run.target(dataset));
  return write_text(target, spaced(report));
}

Json determinism_receipt(const Published& published) {
  return {{"partition_path", published.printed_path}, {"sha256_hex", published.sha256_hex}, {"bytes_hashed", published.bytes}};
}

}  // namespace placewright::store
