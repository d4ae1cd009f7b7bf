#include "table/open_files.hpp"

#include <arrow/io/file.h>
#include <parquet/exception.h>

#include <algorithm>

namespace placewright::table {
namespace {

constexpr std::size_t kMostOpen = 32;

}  // namespace

OpenFiles::Reader OpenFiles::reader(std::size_t file) {
  std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(open_, file, &std::pair<std::size_t, Reader>::first);
  if (found != open_.end()) {
    open_.splice(open_.begin(), open_, found);
    return found->second;
  }
  parquet::ReaderProperties properties;
  properties.set_page_checksum_verification(true);
  PARQUET_ASSIGN_OR_THROW(auto source, arrow::io::ReadableFile::Open(files_[file].string()));
  Reader reader = parquet::ParquetFileReader::Open(std::move(source), properties, footers_[file]);
  footers_[file] = reader->metadata();
  open_.emplace_front(file, reader);
  if (open_.size() > kMostOpen) open_.pop_back();
  return reader;
}

}  // namespace placewright::table
