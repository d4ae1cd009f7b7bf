// A runs root: the runs in it, and the lock that keeps two lane commands apart.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace placewright::lanes {

inline constexpr std::string_view kStaging = ".staging";  // runs being staged; nothing in it counts
inline constexpr std::string_view kPruned = ".pruned-";   // runs being removed

// Held for as long as the object lives and ends with the process, however it ends. Another holder: LANE_ROOT_BUSY
// naming it. Taking it sweeps what a killed command left: half-staged runs and half-removed ones.
class RootLock {
 public:
  static Result<RootLock> take(const std::filesystem::path& root, std::string_view verb);
  ~RootLock();
  RootLock(RootLock&& other) noexcept;
  RootLock(const RootLock&) = delete;

 private:
  RootLock(int fd, std::filesystem::path root) : fd_(fd), root_(std::move(root)) {}
  int fd_;
  std::filesystem::path root_;
};

// Ids of the direct child folders whose name is 32 lower-case hex digits, in order.
std::vector<std::string> run_ids(const std::filesystem::path& root);

}  // namespace placewright::lanes
