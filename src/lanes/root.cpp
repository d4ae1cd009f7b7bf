#include "lanes/root.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/text.hpp"
#include "store/files.hpp"

namespace placewright::lanes {
namespace {

namespace fs = std::filesystem;

void sweep(const fs::path& root) {
  std::vector<fs::path> dead;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root, error)) {
    const auto name = entry.path().filename().string();
    if (name == kStaging || name.starts_with(kPruned)) dead.push_back(entry.path());
  }
  for (const auto& folder : dead) fs::remove_all(folder, error);
}

}  // namespace

Result<RootLock> RootLock::take(const fs::path& root, std::string_view verb) {
  std::error_code error;
  if (!fs::is_directory(root, error)) return Error("PW_INPUT", "there is no runs root " + root.string());
  const auto file = root / ".lanes.lock";
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return store::file_error(file, "cannot open", errno);
  RootLock lock(fd, {});
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    std::array<char, 128> holder{};
    const auto n = ::read(fd, holder.data(), holder.size() - 1);
    return Error("LANE_ROOT_BUSY",
                 std::string(holder.data(), n > 0 ? static_cast<std::size_t>(n) : 0) + " works on " + root.string());
  }
  const auto who = "placewright lane " + std::string(verb) + " (process " + std::to_string(::getpid()) + ")";
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, who.data(), who.size(), 0) < 0)
    return store::file_error(file, "cannot write", errno);
  lock.root_ = root;
  sweep(root);
  return lock;
}

RootLock::~RootLock() {
  if (fd_ < 0) return;
  std::error_code ignored;
  if (!root_.empty()) fs::remove_all(root_ / kStaging, ignored);
  ::close(fd_);
}

RootLock::RootLock(RootLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)), root_(std::move(other.root_)) {}

std::vector<std::string> run_ids(const fs::path& root) {
  std::vector<std::string> ids;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root, error)) {
    auto name = entry.path().filename().string();
    if (is_hex(name, 32) && entry.is_directory(error)) ids.push_back(std::move(name));
  }
  std::ranges::sort(ids);
  return ids;
}

}  // namespace placewright::lanes
