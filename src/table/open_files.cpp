#include "table/open_files.hpp"

#include <arrow/io/file.h>
#include <arrow/memory_pool.h>
#include <parquet/exception.h>

#include <algorithm>
#include <cstdint>

namespace placewright::table {
namespace {

constexpr std::size_t kMostOpen = 32;

// A damaged page of a small file may claim a dictionary of gigabytes; Arrow asks for the memory before it looks.
class BoundedPool : public arrow::ProxyMemoryPool {
 public:
  using arrow::ProxyMemoryPool::ProxyMemoryPool;

  arrow::Status Allocate(std::int64_t size, std::int64_t alignment, std::uint8_t** out) override {
    return size < kMostBytes ? ProxyMemoryPool::Allocate(size, alignment, out) : refused(size);
  }
  arrow::Status Reallocate(std::int64_t old_size, std::int64_t new_size, std::int64_t alignment,
                           std::uint8_t** out) override {
    return new_size < kMostBytes ? ProxyMemoryPool::Reallocate(old_size, new_size, alignment, out) : refused(new_size);
  }

 private:
  static constexpr std::int64_t kMostBytes = std::int64_t{1} << 31;
  static arrow::Status refused(std::int64_t size) {
    return arrow::Status::Invalid("it claims ", size, " bytes, at most 2 GiB of a column are read at once");
  }
};

arrow::MemoryPool* page_memory() {
  static BoundedPool pool(arrow::default_memory_pool());
  return &pool;
}

}  // namespace

OpenFiles::Reader OpenFiles::reader(std::size_t file) {
  std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(open_, file, &std::pair<std::size_t, Reader>::first);
  if (found != open_.end()) {
    open_.splice(open_.begin(), open_, found);
    return found->second;
  }
  parquet::ReaderProperties properties(page_memory());
  properties.set_page_checksum_verification(true);
  PARQUET_ASSIGN_OR_THROW(auto source, arrow::io::ReadableFile::Open(files_[file].string()));
  Reader reader = parquet::ParquetFileReader::Open(std::move(source), properties, footers_[file]);
  footers_[file] = reader->metadata();
  open_.emplace_front(file, reader);
  if (open_.size() > kMostOpen) open_.pop_back();
  return reader;
}

}  // namespace placewright::table
