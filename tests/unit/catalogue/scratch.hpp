// A folder of the test's own, gone when the test ends, and imports into it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "catalogue/import.hpp"
#include "catalogue/pack.hpp"

namespace placewright::catalogue {

class Scratch {
 public:
  Scratch() {
    static int number = 0;
    folder_ = std::filesystem::temp_directory_path() /
              ("placewright-catalogue-" + std::to_string(::getpid()) + "-" + std::to_string(number++));
    std::filesystem::create_directories(folder_);
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::filesystem::path path(std::string_view name) const { return folder_ / name; }
  std::filesystem::path write(std::string_view name, std::string_view text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }
  static std::string read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  // Imports `text` as a CSV file; without `pack` nothing is written.
  Result<ImportReport> import(std::string_view text, std::string_view pack = "", std::uint64_t max_rejects = 0, unsigned threads = 1) const {
    work::Pool pool(threads);
    ImportOptions options;
    options.file = write("catalogue.csv", text);
    if (!pack.empty()) options.out = path(pack);
    options.max_rejects = max_rejects;
    return import_file(options, pool);
  }

 private:
  std::filesystem::path folder_;
};

struct PackRow {
  MerchantId merchant;
  std::string home;
  std::string country;
  std::int64_t outlets;
  friend bool operator==(const PackRow&, const PackRow&) = default;
};
inline std::ostream& operator<<(std::ostream& out, const PackRow& row) {
  return out << row.merchant << " (" << row.home << ") " << row.country << " " << row.outlets;
}

inline std::vector<PackRow> rows_of(const std::filesystem::path& folder) {
  std::vector<PackRow> rows;
  const auto pack = open_pack(folder);
  EXPECT_TRUE(pack) << (pack ? "" : pack.error().message());
  if (!pack) return rows;
  const auto read = for_each_merchant(*pack, [&](const Merchant& merchant) -> Result<void> {
    for (const auto& pair : merchant.countries) {
      rows.push_back({merchant.id, merchant.home.text(), pair.country.text(), pair.outlets});
    }
    return {};
  });
  EXPECT_TRUE(read) << (read ? "" : read.error().message());
  return rows;
}

}  // namespace placewright::catalogue
