// One process at a time on a run folder.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace placewright::store {

// Held until destroyed; the system frees it when the process dies, however it dies. Taken: PW_LOCKED with the
// holder's process id.
class Lock {
 public:
  static Result<Lock> take(const std::filesystem::path& folder);
  ~Lock();
  Lock(Lock&& other) noexcept;
  Lock& operator=(Lock&& other) noexcept;

 private:
  explicit Lock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace placewright::store
