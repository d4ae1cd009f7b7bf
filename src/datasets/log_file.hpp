// Log files of any size: written in order, read in pieces of whole lines that many threads parse at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "work/pool.hpp"

namespace placewright::datasets {

// A new file. Not synced: publishing does that.
class LogWriter {
 public:
  static Result<LogWriter> create(const std::filesystem::path& file);  // an existing file is replaced
  ~LogWriter();
  LogWriter(LogWriter&& other) noexcept;
  LogWriter& operator=(LogWriter&&) = delete;

  Result<void> write(std::string_view text);
  Result<void> close();

 private:
  LogWriter(std::filesystem::path file, int fd) : file_(std::move(file)), fd_(fd) {}
  std::filesystem::path file_;
  int fd_ = -1;
};

// A file cut into pieces of some 4 MiB at line ends.
class LogPieces {
 public:
  static Result<LogPieces> open(const std::filesystem::path& file);  // PW_IO
  ~LogPieces();
  LogPieces(LogPieces&& other) noexcept;
  LogPieces& operator=(LogPieces&&) = delete;

  std::size_t size() const { return count_; }
  // The lines that begin in piece i, with their LF; the last line of the file may lack one. Safe from many threads.
  Result<std::string> read(std::size_t i) const;

 private:
  LogPieces(std::filesystem::path file, int fd, std::uint64_t bytes);
  Result<std::string> bytes_at(std::uint64_t first, std::uint64_t count) const;

  std::filesystem::path file_;
  int fd_ = -1;
  std::uint64_t bytes_ = 0;
  std::size_t count_ = 0;
};

Result<void> append_file(const std::filesystem::path& from, LogWriter& to);

// Calls take(line, number) for each line without its LF, numbers from 1; blank lines count but are passed over.
// Returns the number of lines.
std::uint64_t for_each_line(std::string_view text, const std::function<void(std::string_view, std::uint64_t)>& take);

}  // namespace placewright::datasets
