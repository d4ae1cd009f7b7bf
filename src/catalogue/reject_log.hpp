// Bad lines: the first thousand for the eye, all of them in a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "catalogue/import.hpp"

namespace placewright::catalogue {

class RejectLog {
 public:
  // An empty path: nothing is written. An older file of that name goes.
  explicit RejectLog(std::filesystem::path file) : file_(std::move(file)) {}

  Result<void> add(Reject reject);
  // Closes the file and hands the figures to the report.
  Result<void> finish(ImportReport& report);

 private:
  std::filesystem::path file_;
  std::ofstream out_;
  std::uint64_t total_ = 0;
  std::map<std::string, std::uint64_t> by_code_;
  std::vector<Reject> first_;  // a heap by line while it is full
};

}  // namespace placewright::catalogue
