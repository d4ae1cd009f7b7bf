// The allocation plan of S4 as S5 reads it: checked once, then read again pair by pair.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "base/ids.hpp"
#include "datasets/tile_sets.hpp"
#include "table/group_cache.hpp"
#include "table/table.hpp"
#include "work/pool.hpp"

namespace placewright::states::s5_assignment {

// Consecutive rows of one (merchant, country).
struct Pair {
  MerchantId merchant = 0;
  Iso country;
  std::uint64_t sites = 0;      // sum of the rows' counts
  std::uint64_t first_row = 0;  // in the whole plan
  std::uint64_t rows = 0;
};

// What a row may refer to.
struct References {
  std::set<Iso> countries;  // of the ISO table
  const datasets::TileSets* tiles;
};

class Plan {
 public:
  // Reads and checks every row in the order of spec S5-S6 §3.5: E509 sort, E302 country, E505 tile, E503 count. The
  // first row at fault decides. A folder without files is a plan without rows.
  static Result<Plan> read(const std::filesystem::path& folder, const References& known, work::Pool& pool);

  const std::vector<Pair>& pairs() const { return pairs_; }
  std::uint64_t sites() const { return sites_; }
  std::uint64_t merchants() const { return merchants_; }  // changes of merchant in plan order
  std::uint64_t file_bytes() const { return rows_ ? rows_->file_bytes() : 0; }

  // Tile ids and counts of consecutive pairs [first, last), rows ascending. Safe from many threads.
  struct Entries {
    std::vector<TileId> tiles;
    std::vector<std::int64_t> counts;
  };
  Result<Entries> entries(std::size_t first, std::size_t last) const;

 private:
  Result<void> add(const std::vector<Pair>& segments);  // of one row group; the first may go on with the last pair

  std::optional<table::Dataset> rows_;
  std::unique_ptr<table::GroupCache<table::Batch>> groups_ = std::make_unique<table::GroupCache<table::Batch>>();
  std::vector<std::uint64_t> group_starts_;  // one more than groups
  std::vector<Pair> pairs_;
  std::uint64_t sites_ = 0;
  std::uint64_t merchants_ = 0;
};

}  // namespace placewright::states::s5_assignment
