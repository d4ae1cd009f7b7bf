// The three keyed tables that S7 joins, read in aligned blocks of rows.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "table/group_cache.hpp"
#include "table/table.hpp"
#include "work/pool.hpp"

namespace placewright::states::s7_synthesis {

// Columns of one table; those it does not have stay empty.
struct SiteRows {
  std::vector<MerchantId> merchant;
  std::vector<Iso> country;
  std::vector<std::int64_t> order;
  std::vector<TileId> tile;                  // S5, S6
  std::vector<double> delta_lat, delta_lon;  // S6
  std::vector<std::uint8_t> fingerprint_ok;  // S6, catalogue: 1 where the row names this run
  std::vector<std::uint8_t> seed_ok;         // catalogue, when it has global_seed

  std::size_t size() const { return merchant.size(); }
  SiteKey key(std::size_t i) const { return {merchant[i], country[i], order[i]}; }
  void append(const SiteRows& more, std::size_t first, std::size_t count);
};

// Rows of one table in stored order, less those of the countries to leave out. Reading is safe from many threads.
class SiteTable {
 public:
  enum class Kind { assignment, jitter, catalogue };

  static Result<SiteTable> open(const std::filesystem::path& path, Kind kind, const RunIdentity& identity);
  // Leaves out rows of `countries` (ascending); scans one column. What remains is counted by country.
  Result<std::map<Iso, std::uint64_t>> leave_out(const std::vector<Iso>& countries, work::Pool& pool);

  std::uint64_t rows() const { return starts_.back(); }
  std::size_t groups() const { return starts_.size() - 1; }
  std::uint64_t group_start(std::size_t group) const { return starts_[group]; }
  bool has_seed() const { return has_seed_; }
  // REQUIRES: first + count <= rows().
  Result<SiteRows> read(std::uint64_t first, std::uint64_t count) const;

 private:
  SiteTable(table::Dataset dataset, Kind kind, const RunIdentity& identity);
  table::Schema schema() const;
  Result<SiteRows> load(std::size_t group) const;
  Result<std::shared_ptr<const SiteRows>> group(std::size_t group) const;

  table::Dataset dataset_;
  Kind kind_;
  RunIdentity identity_;
  bool has_seed_ = false;
  std::vector<Iso> left_out_;
  std::vector<std::uint64_t> starts_;                   // first remaining row of each row group, and the total
  std::shared_ptr<table::GroupCache<SiteRows>> cache_;  // groups larger than a block serve several
};

}  // namespace placewright::states::s7_synthesis
