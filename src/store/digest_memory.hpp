// Digests of what this process has read back already, so that nothing is read and hashed twice in a row.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "hash/sha256.hpp"
#include "store/files.hpp"

namespace placewright::store {

// Safe to use from many threads.
class DigestMemory {
 public:
  void keep(const fs::path& path, hash::FileDigest digest);  // of a file or of a folder (hash::sha256_folder)
  // nullopt when it was not kept, or when a name, size or time of modification below it has changed since.
  std::optional<hash::FileDigest> find(const fs::path& path) const;

 private:
  struct Kept {
    hash::FileDigest digest;
    std::string stamp;
  };
  mutable std::mutex mutex_;
  std::map<fs::path, Kept> kept_;
};

// What this process has published; paths as RunFolder::target() gives them.
DigestMemory& published_digests();

}  // namespace placewright::store
