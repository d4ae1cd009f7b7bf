#include "store/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include "store/files.hpp"

namespace placewright::store {

Result<Lock> Lock::take(const fs::path& folder) {
  PW_CHECK(make_folder(folder));
  const auto file = folder / ".lock";
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return file_error(file, "cannot open", errno);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    std::array<char, 64> holder{};
    const auto n = ::read(fd, holder.data(), holder.size() - 1);
    ::close(fd);
    return Error("PW_LOCKED", "another process (" + std::string(holder.data(), n > 0 ? static_cast<std::size_t>(n) : 0) +
                                  ") works on " + folder.string());
  }
  const auto who = "process " + std::to_string(::getpid());
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, who.data(), who.size(), 0) < 0) {
    const int reason = errno;
    ::close(fd);
    return file_error(file, "cannot write", reason);
  }
  return Lock(fd);
}

Lock::~Lock() {
  if (fd_ >= 0) ::close(fd_);
}

Lock::Lock(Lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Lock& Lock::operator=(Lock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

}  // namespace placewright::store
