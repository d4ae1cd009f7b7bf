#include "verify/demand.hpp"

#include <algorithm>

#include "contracts/policy_s3.hpp"
#include "datasets/policies.hpp"
#include "verify/rows.hpp"

namespace placewright::verify {
namespace {

using table::Kind;

constexpr auto kOrder = "VER_ORDER";
constexpr auto kDemand = "VER_DEMAND";
constexpr auto kAllocation = "VER_ALLOCATION";

struct PairKey {
  MerchantId merchant = 0;
  Iso country;
  friend auto operator<=>(const PairKey&, const PairKey&) = default;
};
PairKey key_of(const Pair& pair) { return {pair.merchant, pair.country}; }

// Calls visit(batch, keys) for each row group.
template <class Visit>
Result<void> for_each_group(const Rows& rows, const Visit& visit) {
  for (std::size_t g = 0; g < rows.groups(); ++g) {
    const auto count = rows.group_start(g + 1) - rows.group_start(g);
    if (count == 0) continue;
    PW_TRY(const auto batch, rows.read(rows.group_start(g), count));
    PW_TRY(const auto keys, pair_keys(batch));
    PW_CHECK(visit(batch, keys));
  }
  return {};
}

// Counts of one source against the demand, both ascending by pair.
class Tally {
 public:
  Tally(Subject& subject, const std::vector<Pair>& pairs, const char* code, std::string source)
      : subject_(subject), pairs_(pairs), code_(code), source_(std::move(source)) {}

  void add(PairKey pair, std::uint64_t count) {
    if (!open_ || pair != current_) {
      close();
      current_ = pair;
      open_ = true;
    }
    count_ += count;
  }
  void finish() {
    close();
    while (next_ < pairs_.size()) missing(pairs_[next_++]);
  }

 private:
  void missing(const Pair& pair) {
    subject_.findings.add(code_, pair_name(pair.merchant, pair.country), "has a demand but nothing in " + source_);
  }
  void close() {
    if (!open_) return;
    while (next_ < pairs_.size() && key_of(pairs_[next_]) < current_) missing(pairs_[next_++]);
    if (next_ == pairs_.size() || key_of(pairs_[next_]) != current_) {
      subject_.findings.add(code_, pair_name(current_.merchant, current_.country),
                            "is in " + source_ + " without a demand");
    } else {
      const auto& pair = pairs_[next_++];
      if (pair.sites != count_) {
        subject_.findings.add(
            code_, pair_name(pair.merchant, pair.country),
            "demand " + std::to_string(pair.sites) + ", " + source_ + " has " + std::to_string(count_));
      }
    }
    count_ = 0;
    open_ = false;
  }

  Subject& subject_;
  const std::vector<Pair>& pairs_;
  const char* code_;
  std::string source_;
  std::size_t next_ = 0;
  PairKey current_;
  std::uint64_t count_ = 0;
  bool open_ = false;
};

Result<std::vector<Iso>> denylist(const store::RunFolder& run) {
  PW_TRY(const auto file, datasets::read_policy_file(run, "s3_requirements_policy"));
  PW_TRY(const auto policy, contracts::read_policy_s3(file.fields, file.path.string()));
  return policy.enabled ? policy.denylist : std::vector<Iso>();
}

}  // namespace

Result<std::vector<Pair>> read_demand(Subject& subject) {
  PW_TRY(const auto rows,
         Rows::open(subject.run, "s3_requirements",
                    {{"merchant_id", Kind::u64}, {"legal_country_iso", Kind::text}, {"n_sites", Kind::i64}}));
  std::vector<Pair> pairs;
  std::uint64_t sites = 0;
  PW_CHECK(for_each_group(rows, [&](const table::Batch& batch, const Keys& keys) -> Result<void> {
    for (std::size_t i = 0; i < batch.rows; ++i) {
      Pair pair{keys.merchant[i], keys.country[i], 0, sites, 0, 0};
      const auto wanted = batch.i64(2)[i];
      if (wanted < 1)
        subject.findings.add(kDemand, pair_name(pair.merchant, pair.country),
                             "its demand is " + std::to_string(wanted));
      pair.sites = wanted < 1 ? 0 : static_cast<std::uint64_t>(wanted);
      if (!pairs.empty() && !(key_of(pairs.back()) < key_of(pair))) {
        subject.findings.add(kOrder, pair_name(pair.merchant, pair.country), "does not rise in s3_requirements");
      }
      sites += pair.sites;
      pairs.push_back(pair);
    }
    return {};
  }));
  return pairs;
}

Result<void> check_catalogue(Subject& subject, const std::vector<Pair>& pairs) {
  PW_TRY(const auto dropped, denylist(subject.run));
  PW_TRY(const auto rows,
         Rows::open(subject.run, "outlet_catalogue", {{"merchant_id", Kind::u64}, {"legal_country_iso", Kind::text}}));
  Tally tally(subject, pairs, kDemand, "the catalogue");
  PW_CHECK(for_each_group(rows, [&](const table::Batch& batch, const Keys& keys) -> Result<void> {
    for (std::size_t i = 0; i < batch.rows; ++i) {
      if (!std::ranges::binary_search(dropped, keys.country[i])) tally.add({keys.merchant[i], keys.country[i]}, 1);
    }
    return {};
  }));
  tally.finish();
  return {};
}

Result<void> check_allocation(Subject& subject, std::vector<Pair>& pairs) {
  PW_TRY(const auto rows, Rows::open(subject.run, "s4_alloc_plan",
                                     {{"merchant_id", Kind::u64},
                                      {"legal_country_iso", Kind::text},
                                      {"tile_id", Kind::u64},
                                      {"n_sites_tile", Kind::i64}}));
  Tally tally(subject, pairs, kAllocation, "s4_alloc_plan");
  PairKey last;
  TileId last_tile = 0;
  std::uint64_t row = 0;
  std::size_t at = 0;
  PW_CHECK(for_each_group(rows, [&](const table::Batch& batch, const Keys& keys) -> Result<void> {
    for (std::size_t i = 0; i < batch.rows; ++i, ++row) {
      const PairKey pair{keys.merchant[i], keys.country[i]};
      const auto tile = batch.u64(2)[i];
      const auto granted = batch.i64(3)[i];
      if (row > 0 && (pair < last || (pair == last && tile <= last_tile))) {
        subject.findings.add(kOrder, pair_name(pair.merchant, pair.country),
                             "tile " + std::to_string(tile) + " does not rise in s4_alloc_plan");
      }
      if (granted < 1)
        subject.findings.add(kAllocation, pair_name(pair.merchant, pair.country),
                             "tile " + std::to_string(tile) + " is granted " + std::to_string(granted));
      tally.add(pair, granted < 1 ? 0 : static_cast<std::uint64_t>(granted));
      while (at < pairs.size() && key_of(pairs[at]) < pair) ++at;
      if (at < pairs.size() && key_of(pairs[at]) == pair) {
        if (pairs[at].allocations++ == 0) pairs[at].first_allocation = row;
      }
      last = pair;
      last_tile = tile;
    }
    return {};
  }));
  tally.finish();
  return {};
}

}  // namespace placewright::verify
