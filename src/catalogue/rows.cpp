#include "catalogue/rows.hpp"

#include <algorithm>
#include <cstring>

#include "base/text.hpp"

namespace placewright::catalogue {
namespace {

constexpr auto before = [](const Row& a, const Row& b) {
  if (a.merchant != b.merchant) return a.merchant < b.merchant;
  return a.country != b.country ? a.country < b.country : a.line < b.line;
};

bool may_join(const Row& a, const Row& b) {
  const bool same_orientation = a.orientation == b.orientation || (a.orientation != a.orientation && b.orientation != b.orientation);
  return a.merchant == b.merchant && a.country == b.country && a.check == b.check && a.home == b.home && same_orientation;
}

Result<void> sort_rows(std::vector<Row>& rows, work::Pool& pool) {
  if (std::is_sorted(rows.begin(), rows.end(), before)) return {};
  const auto n = rows.size();
  const std::size_t parts = n < 100'000 ? 1 : 4;
  const auto border = [&](std::size_t i) { return rows.begin() + static_cast<std::ptrdiff_t>(n * i / parts); };
  PW_CHECK(work::for_each(pool, parts, [&](std::size_t i) -> Result<void> {
    std::sort(border(i), border(i + 1), before);
    return {};
  }));
  if (parts == 1) return {};
  PW_CHECK(work::for_each(pool, 2, [&](std::size_t i) -> Result<void> {
    std::inplace_merge(border(2 * i), border(2 * i + 1), border(2 * i + 2), before);
    return {};
  }));
  std::inplace_merge(rows.begin(), border(2), rows.end(), before);
  return {};
}

}  // namespace

void RowBlock::add_key(Row& row, std::string_view key) {
  row.key_at = keys.size();
  const auto size = static_cast<std::uint32_t>(key.size());
  keys.append(reinterpret_cast<const char*>(&size), sizeof size).append(key);
}

void fold_pairs(std::vector<Row>& rows) {
  if (rows.empty()) return;
  std::size_t kept = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    // Past the limit of a pair the sum needs no further exactness, only to stay past it.
    if (may_join(rows[kept], rows[i]) && rows[kept].outlets < 4'000'000'000U - rows[i].outlets) {
      rows[kept].outlets += rows[i].outlets;
      rows[kept].line = std::min(rows[kept].line, rows[i].line);
    } else {
      rows[++kept] = rows[i];
    }
  }
  rows.resize(kept + 1);
}

void RowStore::gather() {
  std::size_t total = 0;
  for (const auto& block : blocks_) total += block.size();
  std::vector<Row> all;
  all.reserve(total);
  for (auto& block : blocks_) {
    all.insert(all.end(), block.begin(), block.end());
    std::vector<Row>().swap(block);
  }
  blocks_.clear();
  blocks_.push_back(std::move(all));
}

Result<void> RowStore::add(RowBlock&& block, work::Pool& pool) {
  if (!block.keys.empty()) {
    const std::uint64_t arena = arenas_.size();
    for (auto& row : block.rows) row.key_at |= arena << 32;
    key_bytes_ += block.keys.size();
    block.keys.shrink_to_fit();
    arenas_.push_back(std::move(block.keys));
  }
  if (block.rows.empty()) return {};
  block.rows.shrink_to_fit();
  row_bytes_ += block.rows.size() * sizeof(Row);
  blocks_.push_back(std::move(block.rows));
  if (row_bytes_ + key_bytes_ <= memory_) return {};
  if (may_fold_) {
    gather();
    PW_CHECK(sort_rows(blocks_.front(), pool));
    fold_pairs(blocks_.front());
    blocks_.front().shrink_to_fit();
    row_bytes_ = blocks_.front().size() * sizeof(Row);
    if (row_bytes_ <= memory_ / 2) return {};
  }
  return Error("IMP_TOO_LARGE", "the rows of the catalogue take more than " + bytes_text(memory_));
}

Result<std::vector<Row>> RowStore::sorted(work::Pool& pool) {
  gather();
  auto rows = std::move(blocks_.front());
  blocks_.clear();
  PW_CHECK(sort_rows(rows, pool));
  return rows;
}

std::string_view RowStore::key(const Row& row) const {
  const auto& arena = arenas_[row.key_at >> 32];
  const auto at = row.key_at & 0xffffffffU;
  std::uint32_t size = 0;
  std::memcpy(&size, arena.data() + at, sizeof size);
  return std::string_view(arena).substr(at + sizeof size, size);
}

}  // namespace placewright::catalogue
