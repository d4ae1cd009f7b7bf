#include "states/s5_assignment/plan.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "datasets/schemas.hpp"
#include "hash/sha256.hpp"

namespace placewright::states::s5_assignment {
namespace {

namespace fs = std::filesystem;

// Sites of a pair are numbered in 32 bits while they are sorted.
constexpr std::uint64_t kLargestPair = std::numeric_limits<std::uint32_t>::max();

struct RowKey {
  MerchantId merchant;
  Iso country;
  TileId tile;
  friend auto operator<=>(const RowKey&, const RowKey&) = default;
};

std::string named(const RowKey& key) {
  return "merchant " + std::to_string(key.merchant) + ", " + key.country.text() + ", tile " + std::to_string(key.tile);
}

Error unsorted(const RowKey& key) {
  return Error("E509_UNSORTED", "s4_alloc_plan: " + named(key) + " comes after a greater key")
      .with("detail", "s4_alloc_plan_unsorted")
      .with("key", SiteKey{key.merchant, key.country, static_cast<std::int64_t>(key.tile)});
}

Error no_such_country(std::string_view text) {
  return Error("E302_FK_COUNTRY", "s4_alloc_plan: country \"" + std::string(text) + "\" is not in the ISO table")
      .with("detail", "country_not_in_iso")
      .with("legal_country_iso", text);
}

Result<void> check_tile(const RowKey& key, const geo::TileSet& tiles) {
  if (tiles.empty()) {
    return Error("E505_TILE_NOT_IN_INDEX", key.country.text() + " has no tiles, but the allocation plan gives it sites")
        .with("detail", "tile_index_missing")
        .with("legal_country_iso", key.country);
  }
  if (tiles.contains(key.tile)) return {};
  return Error("E505_TILE_NOT_IN_INDEX", "s4_alloc_plan: " + named(key) + ": no tile of that country")
      .with("detail", "tile_id_not_in_index")
      .with("legal_country_iso", key.country)
      .with("tile_id", key.tile);
}

Result<void> check_count(const RowKey& key, std::int64_t count) {
  if (count > 0) return {};
  return Error("E503_TILE_QUOTA_MISMATCH", "s4_alloc_plan: " + named(key) + " has " + std::to_string(count) + " sites")
      .with("detail", "nonpositive_tile_quota")
      .with("legal_country_iso", key.country)
      .with("tile_id", key.tile)
      .with("n_sites_tile", count);
}

// A row group, checked on its own; `fault` is that of its first bad row. A segment is a pair's rows inside the group.
struct Checked {
  std::optional<RowKey> first, last;
  std::vector<Pair> segments;
  std::optional<Error> fault;
};

void append(std::vector<Pair>& segments, const RowKey& key, std::int64_t count, std::uint64_t row) {
  if (segments.empty() || segments.back().merchant != key.merchant || segments.back().country != key.country) {
    segments.push_back({key.merchant, key.country, 0, row, 0});
  }
  // Counts below 2^63 and at most 2^32 rows a group could overflow only far above what any pair may hold.
  auto& pair = segments.back();
  pair.sites = std::min(pair.sites, kLargestPair + 1) + static_cast<std::uint64_t>(count);
  ++pair.rows;
}

Result<Checked> check_group(const table::Batch& batch, std::uint64_t first_row, const References& known) {
  Checked out;
  const auto& countries = batch.text(1);
  std::vector<std::optional<Iso>> codes;
  for (const auto& text : countries.dictionary) codes.push_back(Iso::parse(text));
  const geo::TileSet* tiles = nullptr;
  Iso tiles_of;
  const auto check = [&](std::size_t i) -> Result<void> {
    const auto iso = codes[countries.codes[i]];
    if (!iso) return no_such_country(countries.at(i));
    const RowKey key{batch.u64(0)[i], *iso, batch.u64(2)[i]};
    if (out.last && key < *out.last) return unsorted(key);
    if (!out.first) out.first = key;
    out.last = key;
    if (tiles == nullptr || tiles_of != *iso) {
      if (!known.countries.contains(*iso)) return no_such_country(countries.at(i));
      PW_TRY(tiles, known.tiles->of(*iso));
      tiles_of = *iso;
    }
    PW_CHECK(check_tile(key, *tiles));
    PW_CHECK(check_count(key, batch.i64(3)[i]));
    append(out.segments, key, batch.i64(3)[i], first_row + i);
    return {};
  };
  for (std::size_t i = 0; i < batch.rows && !out.fault; ++i) {
    if (auto fine = check(i); !fine) out.fault = std::move(fine).error();
  }
  return out;
}

}  // namespace

Result<Plan> Plan::read(const fs::path& folder, const References& known, work::Pool& pool) {
  Plan plan;
  plan.group_starts_ = {0};
  PW_TRY(const auto files, hash::files_below(folder));
  if (std::ranges::none_of(files, [](const auto& name) { return name.ends_with(".parquet"); })) return plan;
  PW_TRY(plan.rows_, table::Dataset::open(folder));
  for (std::size_t g = 0; g < plan.rows_->groups(); ++g) {
    plan.group_starts_.push_back(plan.group_starts_.back() + plan.rows_->group_rows(g));
  }
  std::optional<RowKey> previous;
  const auto produce = [&](std::size_t g) -> Result<Checked> {
    PW_TRY(const auto batch, plan.rows_->read(g, datasets::kAllocPlan));
    return check_group(batch, plan.group_starts_[g], known);
  };
  const auto consume = [&](std::size_t, Checked&& group) -> Result<void> {
    if (previous && group.first && *group.first < *previous) return unsorted(*group.first);
    if (group.fault) return *std::move(group.fault);
    if (group.last) previous = group.last;
    return plan.add(group.segments);
  };
  PW_CHECK(work::ordered<Checked>(pool, plan.rows_->groups(), produce, consume));
  for (const auto& pair : plan.pairs_) plan.sites_ += pair.sites;
  return plan;
}

Result<void> Plan::add(const std::vector<Pair>& segments) {
  for (const auto& pair : segments) {
    const bool continues =
        !pairs_.empty() && pairs_.back().merchant == pair.merchant && pairs_.back().country == pair.country;
    if (continues) {
      pairs_.back().sites += pair.sites;
      pairs_.back().rows += pair.rows;
    } else {
      if (pairs_.empty() || pairs_.back().merchant != pair.merchant) ++merchants_;
      pairs_.push_back(pair);
    }
    if (pairs_.back().sites > kLargestPair) {
      return Error("PW_MEMORY", "merchant " + std::to_string(pair.merchant) + " in " + pair.country.text() +
                                    " has more than 4,294,967,295 sites, which S5 cannot sort");
    }
  }
  return {};
}

Result<Plan::Entries> Plan::entries(std::size_t first, std::size_t last) const {
  Entries out;
  const auto begin = pairs_[first].first_row, end = pairs_[last - 1].first_row + pairs_[last - 1].rows;
  auto g = static_cast<std::size_t>(std::ranges::upper_bound(group_starts_, begin) - group_starts_.begin()) - 1;
  for (; g + 1 < group_starts_.size() && group_starts_[g] < end; ++g) {
    const auto load = [&] { return rows_->read(g, {datasets::kAllocPlan[2], datasets::kAllocPlan[3]}); };
    PW_TRY(const auto group, groups_->get(g, load));
    const auto& batch = *group;
    const auto from = static_cast<std::ptrdiff_t>(std::max(begin, group_starts_[g]) - group_starts_[g]);
    const auto to = static_cast<std::ptrdiff_t>(std::min(end, group_starts_[g + 1]) - group_starts_[g]);
    out.tiles.insert(out.tiles.end(), batch.u64(0).begin() + from, batch.u64(0).begin() + to);
    out.counts.insert(out.counts.end(), batch.i64(1).begin() + from, batch.i64(1).begin() + to);
  }
  return out;
}

}  // namespace placewright::states::s5_assignment
