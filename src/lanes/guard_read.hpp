// What the freeze guard reads of an upstream (1A) run (spec realism §3.7).
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "store/receipt.hpp"

namespace placewright::lanes {

struct OutletRow {
  MerchantId merchant = 0;
  std::string home, legal, site_id;
  std::int64_t site_order = 0;
};

struct HurdleEvent {
  MerchantId merchant = 0;
  bool multi = false;
};

struct CountEvent {  // nb_final
  MerchantId merchant = 0;
  std::int64_t outlets = 0;
  double dispersion = 0;
};

inline constexpr std::array<std::string_view, 5> kRequiredOutputs = {
    "s3_integerised_counts", "s3_site_sequence", "sparse_flag", "merchant_abort_log", "hurdle_stationarity_tests"};

struct Upstream {
  store::Receipt receipt;
  std::vector<HurdleEvent> hurdles;
  std::vector<CountEvent> counts;
  std::vector<OutletRow> outlets;
  std::vector<MerchantId> stratum;                             // merchants that candidates are counted for
  std::vector<std::pair<MerchantId, bool>> candidates;         // merchant, is_home
  std::vector<MerchantId> members, rejections, exhausted;      // one entry a row or event
  std::array<std::uint64_t, kRequiredOutputs.size()> parts{};  // part files found
};

// A surface that is not there is LANE_GUARD_SURFACE; its fact `type` names the reference's exception.
Result<Upstream> read_upstream(const std::filesystem::path& runs_root, const std::string& run_id);

}  // namespace placewright::lanes
