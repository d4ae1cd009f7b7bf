#include "store/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>

#include "base/text.hpp"

namespace placewright::store {

Error file_error(const fs::path& file, std::string_view doing, int reason) {
  const bool full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
  return Error(full ? "PW_NO_SPACE" : "PW_IO",
               std::string(doing) + " " + file.string() + ": " + std::strerror(reason));
}

Result<void> sync_path(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return file_error(path, "cannot open", errno);
  const int result = ::fsync(fd);
  const int reason = errno;
  ::close(fd);
  // Some file systems refuse to sync a folder; the rename is still ordered there.
  if (result != 0 && reason != EINVAL && reason != EROFS) return file_error(path, "cannot sync", reason);
  return {};
}

Result<void> make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return file_error(folder, "cannot create folder", error.value());
  return {};
}

Result<void> rename_path(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return file_error(to, "cannot publish", errno);
  return sync_path(to.has_parent_path() ? to.parent_path() : fs::path("."));
}

Result<std::string> read_text(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return Error("PW_INPUT", "there is no file " + file.string());
  std::ifstream in(file, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in.good() && !in.eof()) return Error("PW_IO", "cannot read " + file.string());
  return text;
}

Result<Json> read_json(const fs::path& file) {
  PW_TRY(const auto text, read_text(file));
  return parse_json(text, file.string());
}

Result<void> write_plain(const fs::path& file, std::string_view text) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return file_error(file, "cannot create", errno);
  int reason = 0;
  while (!text.empty() && reason == 0) {
    const auto n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) reason = errno;
    else text.remove_prefix(static_cast<std::size_t>(n));
  }
  if (reason == 0 && ::fsync(fd) != 0 && errno != EINVAL) reason = errno;
  if (::close(fd) != 0 && reason == 0) reason = errno;
  if (reason != 0) return file_error(file, "cannot write", reason);
  return {};
}

Result<void> write_text(const fs::path& file, std::string_view text) {
  PW_CHECK(make_folder(file.parent_path().empty() ? fs::path(".") : file.parent_path()));
  const fs::path aside = file.string() + ".part";
  if (auto written = write_plain(aside, text); !written) {
    std::error_code ignored;
    fs::remove(aside, ignored);
    return written;
  }
  return rename_path(aside, file);
}

namespace {

std::string utc_text(std::time_t seconds, long micros) {
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%06ldZ", utc.tm_year + 1900, utc.tm_mon + 1,
                utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, micros);
  return text.data();
}

}  // namespace

std::string logical_time() {
  const char* epoch = std::getenv("SOURCE_DATE_EPOCH");
  const auto seconds = epoch ? parse_u64(epoch) : std::nullopt;
  // 253402300799 is the end of year 9999, beyond which the pattern no longer fits.
  return utc_text(seconds && *seconds <= 253402300799U ? static_cast<std::time_t>(*seconds) : 0, 0);
}

std::string wall_time() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  return utc_text(static_cast<std::time_t>(micros / 1000000), static_cast<long>(micros % 1000000));
}

}  // namespace placewright::store
