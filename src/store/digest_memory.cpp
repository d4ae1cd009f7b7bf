#include "store/digest_memory.hpp"

#include <sys/stat.h>

namespace placewright::store {
namespace {

// Empty when something cannot be read.
std::string stamp_of(const fs::path& path) {
  std::error_code error;
  std::vector<std::string> names = {""};
  if (fs::is_directory(path, error)) {
    auto below = hash::files_below(path);
    if (!below) return {};
    names = std::move(below).value();
  }
  std::string stamp;
  for (const auto& name : names) {
    struct stat now {};
    if (::stat((name.empty() ? path : path / name).c_str(), &now) != 0) return {};
    stamp += name;
    for (const auto number : {static_cast<long>(now.st_ino), static_cast<long>(now.st_size),
                              static_cast<long>(now.st_mtim.tv_sec), static_cast<long>(now.st_mtim.tv_nsec)})
      stamp += '\n' + std::to_string(number);
    stamp += '\n';
  }
  return stamp;
}

}  // namespace

void DigestMemory::keep(const fs::path& path, hash::FileDigest digest) {
  auto stamp = stamp_of(path);
  if (stamp.empty()) return;
  const std::scoped_lock lock(mutex_);
  kept_.insert_or_assign(path, Kept{std::move(digest), std::move(stamp)});
}

std::optional<hash::FileDigest> DigestMemory::find(const fs::path& path) const {
  const std::scoped_lock lock(mutex_);
  const auto it = kept_.find(path);
  if (it == kept_.end() || it->second.stamp != stamp_of(path)) return std::nullopt;
  return it->second.digest;
}

DigestMemory& published_digests() {
  static DigestMemory memory;
  return memory;
}

}  // namespace placewright::store
