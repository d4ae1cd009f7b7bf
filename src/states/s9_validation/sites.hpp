// Which site of S7 does an event belong to? Events come in the order of the sites, so a walk along S7 answers; events
// in any other order are looked up in a table of all keys.
#pragma once

#include <cstdint>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "states/s9_validation/site_rows.hpp"

namespace placewright::states::s9_validation {

struct SiteHit {
  enum class Kind { known, unknown, behind };  // behind: the walk has passed it, only a table can tell
  Kind kind = Kind::unknown;
  std::uint64_t rank = 0;  // position among the distinct sites, ascending; meaningless unless known
  TileId tile = 0;
};

class SiteFinder {
 public:
  virtual ~SiteFinder() = default;
  virtual Result<SiteHit> find(const SiteKey& key) = 0;
};

// Flat memory. REQUIRES: the keys of S7 rise strictly.
class SiteWalk : public SiteFinder {
 public:
  explicit SiteWalk(const SiteTable& s7) : s7_(s7) {}
  Result<SiteHit> find(const SiteKey& key) override;

 private:
  Result<void> advance();

  const SiteTable& s7_;
  SiteRows rows_;
  std::vector<Iso> countries_;  // of rows_
  std::uint64_t first_ = 0;     // rank of rows_[0]
  std::size_t at_ = 0;
  bool started_ = false, ended_ = false;
  SiteKey current_, previous_;
};

// All keys in memory, 26 bytes a site.
class SiteIndex : public SiteFinder {
 public:
  static Result<SiteIndex> build(const SiteTable& s7);
  std::uint64_t size() const { return merchant_.size(); }  // distinct keys
  SiteKey key(std::uint64_t rank) const { return {merchant_[rank], country_[rank], order_[rank]}; }
  Result<SiteHit> find(const SiteKey& key) override;

 private:
  void sort_distinct();

  std::vector<MerchantId> merchant_;
  std::vector<Iso> country_;
  std::vector<std::int64_t> order_;
  std::vector<TileId> tile_;
};

}  // namespace placewright::states::s9_validation
