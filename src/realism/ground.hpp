// What the scorers need to know of tiles: a country's land, the tiles its sites were given, streaks along raster rows.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "realism/sentinel.hpp"
#include "store/run_folder.hpp"
#include "work/pool.hpp"

namespace placewright::realism {

struct MassFit {
  Iso country;
  std::uint64_t sites = 0, groups = 0;  // groups of blocks pooled by the sites they may expect
  double chi_square = 0, p = 1;         // p: upper tail, groups - 1 degrees of freedom
};

// Of the S5 table. Streak: tiles of one pair side by side in one raster row.
struct Ground {
  std::map<Iso, Land> land;                  // countries with at least kSentinelMinSites
  std::uint64_t pairs4 = 0, single_row = 0;  // (merchant, country) pairs with four sites or more; those on one row
  std::uint64_t longest_streak = 0;
  std::uint64_t longest_merchant = 0;
  Iso longest_country;
  double streak_mean = 0, streak_p99 = 0;  // over pairs with four sites or more
  std::vector<std::uint64_t> streaks;      // ascending, one a pair
  std::vector<MassFit> fits;               // of runs with spatial_pps_v1: countries with 100 sites
};

// Without S5 table or tiles nothing is known: nullopt, and `why` says what is missing.
Result<std::optional<Ground>> read_ground(const store::RunFolder& run, const std::vector<Iso>& dropped,
                                          work::Pool& pool, std::string& why);

// Upper tail of the chi-square law (Wilson and Hilferty's cube root approximation).
double chi_square_tail(double value, double degrees);

}  // namespace placewright::realism
