// A file that is hashed and counted while it is written. Private to this folder.
#pragma once

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "hash/sha256.hpp"

namespace placewright::table {

class OutputFile final : public arrow::io::OutputStream {
 public:
  static Result<std::shared_ptr<OutputFile>> create(const std::filesystem::path& file);
  ~OutputFile() override;

  arrow::Status Write(const void* data, std::int64_t bytes) override;
  using arrow::io::OutputStream::Write;
  arrow::Status Flush() override;
  arrow::Status Close() override;  // writes what waits and syncs
  arrow::Result<std::int64_t> Tell() const override { return static_cast<std::int64_t>(bytes_); }
  bool closed() const override { return fd_ < 0; }

  std::uint64_t bytes() const { return bytes_; }
  std::string sha256_hex() { return hash::hex(hash_.digest()); }  // once, after Close
  // The system's reason for the first failure, else 0; what it means to a user.
  int reason() const { return reason_; }
  Error error() const;

 private:
  OutputFile(std::filesystem::path file, int fd);
  arrow::Status put(std::span<const std::byte> bytes);

  std::filesystem::path file_;
  int fd_;
  int reason_ = 0;
  std::uint64_t bytes_ = 0;
  hash::Sha256 hash_;
  std::vector<std::byte> waiting_;  // the encoder writes headers of a few bytes
};

}  // namespace placewright::table
