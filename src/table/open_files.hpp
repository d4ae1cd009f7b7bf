// Parquet files of a dataset: footers parsed once, a few readers kept open and shared by all threads.
#pragma once

#include <parquet/file_reader.h>

#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

namespace placewright::table {

class OpenFiles {
 public:
  using Reader = std::shared_ptr<parquet::ParquetFileReader>;

  explicit OpenFiles(std::vector<std::filesystem::path> files) : files_(std::move(files)), footers_(files_.size()) {}

  const std::vector<std::filesystem::path>& files() const { return files_; }
  const std::shared_ptr<parquet::FileMetaData>& footer(std::size_t file) const { return footers_[file]; }
  // Parses the footer, if this is the file's first call; throws as Parquet does. A reader serves many threads at once:
  // each column chunk is one positioned read.
  Reader reader(std::size_t file);

 private:
  std::vector<std::filesystem::path> files_;
  std::vector<std::shared_ptr<parquet::FileMetaData>> footers_;
  std::mutex mutex_;
  std::list<std::pair<std::size_t, Reader>> open_;  // most recently used first
};

}  // namespace placewright::table
