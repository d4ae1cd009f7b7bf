// The ordered pass that turns segments into demand (spec S2-S4 §2.3).
#pragma once

#include <set>
#include <vector>

#include "base/result.hpp"
#include "states/s3_requirements/segments.hpp"

namespace placewright::states::s3_requirements {

// Sites wanted by one pair.
struct Wanted {
  MerchantId merchant = 0;
  Iso country;
  std::int64_t sites = 0;
};

// What a pair's country is held against; all ascending.
struct Countries {
  std::vector<Iso> known;     // of the ISO table
  std::vector<Iso> weighted;  // with tile weights
  std::vector<Iso> denied;    // by the policy in force
};

struct Tally {
  std::uint64_t source_rows = 0;
  std::uint64_t emitted = 0, dropped_pairs = 0, dropped_sites = 0;
  std::uint64_t merchants = 0;  // with at least one emitted pair
  std::set<Iso> countries, dropped_countries;
};

// Takes segments in catalogue order; a pair may go on across segments. A pair that is complete is in wanted() or in
// dropped() until the caller takes it from there.
class Demand {
 public:
  explicit Demand(Countries countries) : countries_(std::move(countries)) {}

  // E314_SITE_ORDER_INTEGRITY, E310_UNSORTED, E302_ISO_FK, E303_TILE_WEIGHT_COVERAGE.
  Result<void> add(const Segment& segment);
  Result<void> finish();  // completes the last pair

  std::vector<Wanted>& wanted() { return wanted_; }
  std::vector<Wanted>& dropped() { return dropped_; }
  const Tally& tally() const { return tally_; }

 private:
  Result<void> complete(const Wanted& pair);

  Countries countries_;
  Wanted open_;       // sites == 0: none
  Wanted last_;       // key of the last complete pair
  bool any_ = false;  // last_ holds a key
  MerchantId last_merchant_ = 0;
  std::vector<Wanted> wanted_, dropped_;
  Tally tally_;
};

}  // namespace placewright::states::s3_requirements
