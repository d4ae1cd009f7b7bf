// Rows of a dataset by position, whatever its row groups.
#pragma once

#include <string_view>
#include <vector>

#include "store/run_folder.hpp"
#include "table/table.hpp"

namespace placewright::verify {

// Safe from many threads.
class Rows {
 public:
  static Result<Rows> open(const store::RunFolder& run, std::string_view dataset, table::Schema schema);
  std::uint64_t size() const { return starts_.back(); }
  std::size_t groups() const { return starts_.size() - 1; }
  std::uint64_t group_start(std::size_t group) const { return starts_[group]; }
  bool has(std::string_view column) const { return dataset_.has(column); }
  // REQUIRES: first + count <= size().
  Result<table::Batch> read(std::uint64_t first, std::uint64_t count) const;

 private:
  Rows(table::Dataset dataset, table::Schema schema);

  table::Dataset dataset_;
  table::Schema schema_;
  std::vector<std::uint64_t> starts_;
};

// Key columns 0, 1 and, for sites, 2 of a batch whose first columns are merchant, country and site order.
struct Keys {
  const std::vector<MerchantId>& merchant;
  std::vector<Iso> country;
  const std::vector<std::int64_t>* order = nullptr;
  SiteKey at(std::size_t i) const { return {merchant[i], country[i], order ? (*order)[i] : 0}; }
};
Result<Keys> site_keys(const table::Batch& batch);
Result<Keys> pair_keys(const table::Batch& batch);

}  // namespace placewright::verify
