#include "datasets/log_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "store/files.hpp"

namespace placewright::datasets {
namespace {

constexpr std::uint64_t kPieceBytes = 4U << 20;

}  // namespace

Result<LogWriter> LogWriter::create(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return store::file_error(file, "cannot create", errno);
  return LogWriter(file, fd);
}

LogWriter::~LogWriter() {
  if (fd_ >= 0) ::close(fd_);
}

LogWriter::LogWriter(LogWriter&& other) noexcept : file_(std::move(other.file_)), fd_(std::exchange(other.fd_, -1)) {}

Result<void> LogWriter::write(std::string_view text) {
  while (!text.empty()) {
    const auto n = ::write(fd_, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return store::file_error(file_, "cannot write", errno);
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> LogWriter::close() {
  if (::close(std::exchange(fd_, -1)) != 0) return store::file_error(file_, "cannot close", errno);
  return {};
}

Result<LogPieces> LogPieces::open(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return store::file_error(file, "cannot open", errno);
  struct stat status {};
  if (::fstat(fd, &status) != 0) {
    const int reason = errno;
    ::close(fd);
    return store::file_error(file, "cannot measure", reason);
  }
  return LogPieces(file, fd, static_cast<std::uint64_t>(status.st_size));
}

LogPieces::LogPieces(std::filesystem::path file, int fd, std::uint64_t bytes)
    : file_(std::move(file)), fd_(fd), bytes_(bytes), count_((bytes + kPieceBytes - 1) / kPieceBytes) {}

LogPieces::~LogPieces() {
  if (fd_ >= 0) ::close(fd_);
}

LogPieces::LogPieces(LogPieces&& other) noexcept
    : file_(std::move(other.file_)), fd_(std::exchange(other.fd_, -1)), bytes_(other.bytes_), count_(other.count_) {}

Result<std::string> LogPieces::bytes_at(std::uint64_t first, std::uint64_t count) const {
  std::string out(static_cast<std::size_t>(std::min(count, bytes_ - first)), '\0');
  std::size_t done = 0;
  while (done < out.size()) {
    const auto n = ::pread(fd_, out.data() + done, out.size() - done, static_cast<off_t>(first + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return store::file_error(file_, "cannot read", errno);
    if (n == 0) return Error("PW_IO", file_.string() + " became shorter while it was read");
    done += static_cast<std::size_t>(n);
  }
  return out;
}

Result<std::string> LogPieces::read(std::size_t i) const {
  const std::uint64_t first = i * kPieceBytes, last = std::min(bytes_, first + kPieceBytes);
  // The byte before tells whether a line begins at the very first one.
  const std::uint64_t from = first == 0 ? 0 : first - 1;
  PW_TRY(auto text, bytes_at(from, last - from));
  if (first != 0) {
    const auto end_of_earlier = text.find('\n');
    if (end_of_earlier == std::string::npos || end_of_earlier + 1 == text.size()) return std::string();
    text.erase(0, end_of_earlier + 1);
  }
  for (std::uint64_t at = last; at < bytes_ && text.back() != '\n'; at += kPieceBytes) {
    PW_TRY(const auto more, bytes_at(at, kPieceBytes));
    text.append(more, 0, more.find('\n') == std::string::npos ? more.size() : more.find('\n') + 1);
  }
  return text;
}

Result<void> append_file(const std::filesystem::path& from, LogWriter& to) {
  PW_TRY(const auto pieces, LogPieces::open(from));
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    PW_TRY(const auto text, pieces.read(i));
    PW_CHECK(to.write(text));
  }
  return {};
}

std::uint64_t for_each_line(std::string_view text, const std::function<void(std::string_view, std::uint64_t)>& take) {
  std::uint64_t number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    ++number;
    if (line.find_first_not_of(" \t\r\v\f") != std::string_view::npos) take(line, number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return number;
}

}  // namespace placewright::datasets
