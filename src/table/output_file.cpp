#include "table/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace placewright::table {
namespace {

constexpr std::size_t kWaiting = 256 * 1024;

Error file_error(const std::filesystem::path& file, int reason) {
  const bool full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
  return Error(full ? "PW_NO_SPACE" : "PW_IO", "cannot write " + file.string() + ": " + std::strerror(reason))
      .with("file", file.string());
}

}  // namespace

OutputFile::OutputFile(std::filesystem::path file, int fd) : file_(std::move(file)), fd_(fd) {
  waiting_.reserve(kWaiting);
}

Result<std::shared_ptr<OutputFile>> OutputFile::create(const std::filesystem::path& file) {
  std::error_code error;
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), error);
  if (error) return file_error(file, error.value());
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return file_error(file, errno);
  return std::shared_ptr<OutputFile>(new OutputFile(file, fd));
}

OutputFile::~OutputFile() {
  if (fd_ >= 0) ::close(fd_);
}

Error OutputFile::error() const { return file_error(file_, reason_); }

arrow::Status OutputFile::Write(const void* data, std::int64_t bytes) {
  const auto* from = static_cast<const std::byte*>(data);
  const std::span added(from, static_cast<std::size_t>(bytes));
  hash_.update(added);
  bytes_ += added.size();
  if (waiting_.size() + added.size() > kWaiting) ARROW_RETURN_NOT_OK(Flush());
  if (added.size() >= kWaiting) return put(added);
  waiting_.insert(waiting_.end(), added.begin(), added.end());
  return arrow::Status::OK();
}

arrow::Status OutputFile::Flush() {
  const auto done = put(waiting_);
  waiting_.clear();
  return done;
}

arrow::Status OutputFile::put(std::span<const std::byte> rest) {
  while (!rest.empty() && reason_ == 0) {
    const auto n = ::write(fd_, rest.data(), rest.size());
    if (n >= 0)
      rest = rest.subspan(static_cast<std::size_t>(n));
    else if (errno != EINTR)
      reason_ = errno;
  }
  return reason_ == 0 ? arrow::Status::OK() : arrow::Status::IOError(error().message());
}

arrow::Status OutputFile::Close() {
  if (closed()) return arrow::Status::OK();
  ARROW_RETURN_NOT_OK(Flush());
  // Some file systems and devices have nothing to sync.
  if (::fsync(fd_) != 0 && errno != EINVAL && errno != EROFS) reason_ = errno;
  if (::close(std::exchange(fd_, -1)) != 0 && reason_ == 0) reason_ = errno;
  return reason_ == 0 ? arrow::Status::OK() : arrow::Status::IOError(error().message());
}

}  // namespace placewright::table
