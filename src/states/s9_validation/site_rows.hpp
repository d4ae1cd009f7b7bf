// Rows of S7 and site_locations as S9 reads them: by position, whatever the row groups.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "datasets/site_law.hpp"
#include "table/table.hpp"

namespace placewright::states::s9_validation {

using datasets::StoredKey;

// Columns of a range of rows; those not read stay empty.
struct SiteRows {
  std::vector<MerchantId> merchant;
  table::TextColumn country;
  std::vector<std::int64_t> order;
  std::vector<TileId> tile;
  std::vector<double> lon, lat;

  std::size_t size() const { return merchant.size(); }
  StoredKey key(std::size_t i) const { return {merchant[i], std::string(country.at(i)), order[i]}; }
};

// Reading is safe from many threads.
class SiteTable {
 public:
  enum class Columns { coordinates, tiles };  // beside the key

  // PW_INPUT, PW_TABLE.
  static Result<SiteTable> open(const std::filesystem::path& path, Columns columns);

  std::uint64_t rows() const { return starts_.back(); }
  std::size_t groups() const { return starts_.size() - 1; }
  std::uint64_t group_start(std::size_t group) const { return starts_[group]; }
  const table::Dataset& dataset() const { return dataset_; }
  // Rows [first, first + count), fewer at the end of the table.
  Result<SiteRows> read(std::uint64_t first, std::uint64_t count) const;

 private:
  SiteTable(table::Dataset dataset, Columns columns);

  table::Dataset dataset_;
  Columns columns_;
  std::vector<std::uint64_t> starts_;
};

// One row after the other.
class SiteCursor {
 public:
  SiteCursor(const SiteTable& table, std::uint64_t first) : table_(table), next_(first) {}
  // False at the end; otherwise rows() and at() give the row.
  Result<bool> advance();
  const SiteRows& rows() const { return rows_; }
  std::size_t at() const { return at_; }

 private:
  const SiteTable& table_;
  std::uint64_t next_;
  SiteRows rows_;
  std::size_t at_ = 0;
  bool started_ = false;
};

}  // namespace placewright::states::s9_validation
