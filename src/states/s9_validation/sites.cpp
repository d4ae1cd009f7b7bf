#include "states/s9_validation/sites.hpp"

#include <algorithm>
#include <numeric>

namespace placewright::states::s9_validation {
namespace {

constexpr std::uint64_t kRows = 200'000;

// A text that is no code becomes the empty code, which no event can carry.
std::vector<Iso> codes(const table::TextColumn& column) {
  std::vector<Iso> entries(column.dictionary.size());
  std::ranges::transform(column.dictionary, entries.begin(),
                         [](const auto& text) { return Iso::parse(text).value_or(Iso()); });
  std::vector<Iso> rows(column.codes.size());
  std::ranges::transform(column.codes, rows.begin(), [&](auto code) { return entries[code]; });
  return rows;
}

template <class T>
void reorder(std::vector<T>& values, const std::vector<std::uint64_t>& order) {
  std::vector<T> sorted(order.size());
  std::ranges::transform(order, sorted.begin(), [&](auto i) { return values[i]; });
  values = std::move(sorted);
}

}  // namespace

Result<void> SiteWalk::advance() {
  if (started_ && at_ + 1 < rows_.size()) {
    ++at_;
  } else {
    first_ += rows_.size();
    PW_TRY(rows_, s7_.read(first_, kRows));
    countries_ = codes(rows_.country);
    at_ = 0;
    ended_ = rows_.size() == 0;
  }
  if (started_) previous_ = current_;
  started_ = true;
  if (!ended_) current_ = {rows_.merchant[at_], countries_[at_], rows_.order[at_]};
  return {};
}

Result<SiteHit> SiteWalk::find(const SiteKey& key) {
  if (!started_) PW_CHECK(advance());
  while (!ended_ && current_ < key) PW_CHECK(advance());
  if (!ended_ && current_ == key) return SiteHit{SiteHit::Kind::known, first_ + at_, rows_.tile[at_]};
  const bool first_site = first_ + at_ == 0;
  if (!first_site && key <= previous_) return SiteHit{SiteHit::Kind::behind, 0, 0};
  return SiteHit{};
}

Result<SiteIndex> SiteIndex::build(const SiteTable& s7) {
  SiteIndex index;
  for (std::uint64_t first = 0; first < s7.rows(); first += kRows) {
    PW_TRY(auto rows, s7.read(first, kRows));
    const auto countries = codes(rows.country);
    index.merchant_.insert(index.merchant_.end(), rows.merchant.begin(), rows.merchant.end());
    index.country_.insert(index.country_.end(), countries.begin(), countries.end());
    index.order_.insert(index.order_.end(), rows.order.begin(), rows.order.end());
    index.tile_.insert(index.tile_.end(), rows.tile.begin(), rows.tile.end());
  }
  index.sort_distinct();
  return index;
}

void SiteIndex::sort_distinct() {
  bool rising = true;
  for (std::uint64_t i = 1; i < size() && rising; ++i) rising = key(i - 1) < key(i);
  if (rising) return;
  std::vector<std::uint64_t> order(size());
  std::iota(order.begin(), order.end(), std::uint64_t{0});
  std::ranges::stable_sort(order, {}, [&](auto i) { return key(i); });
  const auto same_key = [&](auto a, auto b) { return key(a) == key(b); };
  order.erase(std::unique(order.begin(), order.end(), same_key), order.end());
  reorder(merchant_, order);
  reorder(country_, order);
  reorder(order_, order);
  reorder(tile_, order);
}

Result<SiteHit> SiteIndex::find(const SiteKey& wanted) {
  std::uint64_t low = 0, high = size();
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (key(middle) < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == size() || key(low) != wanted) return SiteHit{};
  return SiteHit{SiteHit::Kind::known, low, tile_[low]};
}

}  // namespace placewright::states::s9_validation
