// Rows of a catalogue file while it is read: flat records, in the order of the file.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "catalogue/import.hpp"
#include "work/pool.hpp"

namespace placewright::catalogue {

constexpr std::uint64_t kNoKey = std::numeric_limits<std::uint64_t>::max();

struct Row {
  MerchantId merchant = 0;
  std::uint64_t check = 0;   // further bits of a merchant key's digest; 0 for decimal ids
  std::uint64_t line = 0;
  std::uint64_t key_at = kNoKey;  // outlet_key in the arenas
  double orientation = std::numeric_limits<double>::quiet_NaN();
  std::uint32_t outlets = 0;  // 0 marks a row that was dropped
  Iso country;
  Iso home;                   // packed() == 0 when not given
};

// What one worker makes of one chunk or row group.
struct RowBlock {
  std::vector<Row> rows;
  std::string keys;             // outlet keys, each behind its length; Row::key_at is an offset here
  std::vector<Reject> rejects;  // lines relative to the block
  std::uint64_t lines = 0;
  std::uint64_t records = 0;

  void add_key(Row& row, std::string_view key);
};

// Rows gathered from all blocks.
class RowStore {
 public:
  RowStore(std::uint64_t memory, bool may_fold) : memory_(memory), may_fold_(may_fold) {}

  // Rows that say "one more outlet" about the same pair are added up when memory runs short and nothing but the
  // number matters (`may_fold`). Otherwise IMP_TOO_LARGE.
  Result<void> add(RowBlock&& block, work::Pool& pool);
  // All rows by merchant, country and line; the store keeps the keys only.
  Result<std::vector<Row>> sorted(work::Pool& pool);
  std::string_view key(const Row& row) const;

 private:
  void gather();

  std::uint64_t memory_;
  bool may_fold_;
  std::uint64_t row_bytes_ = 0;
  std::uint64_t key_bytes_ = 0;
  std::vector<std::vector<Row>> blocks_;
  std::vector<std::string> arenas_;
};

// Adds up neighbours of one pair, in place; the first line stays.
void fold_pairs(std::vector<Row>& rows);

}  // namespace placewright::catalogue
