// The metrics of spec scoring §2.1 to §2.6 on a frame of sites and on an allocation plan.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "base/result.hpp"
#include "realism/frame.hpp"
#include "store/run_folder.hpp"

namespace placewright::realism {

// Top shares by fraction: of the 1 %, 5 %, 10 % of active countries with most sites.
struct Concentration {
  double gini = 0, top1 = 0, top5 = 0, top10 = 0;
  std::uint64_t active = 0, sites = 0;
};
Concentration concentration(const std::vector<CountryCount>& counts);

struct SiteMetrics {
  std::vector<CountryCount> counts;  // most sites first
  Concentration spread;
  double eligible_share = 0;                // active countries / eligible ones
  double south_share = 0;                   // latitude below 0
  std::vector<double> neighbour_of_site_m;  // to the nearest other site, in the frame's order; empty below two sites
  std::vector<double> neighbours_m;         // the same, ascending
  double nn_ratio = 0;                      // p99/p50; 0 when the median is 0
  bool bounds_valid = true;
};
SiteMetrics measure(const Frame& frame, double eligible, work::Pool& pool);

// Sites per country of s4_alloc_plan, most first.
Result<std::vector<CountryCount>> plan_counts(const store::RunFolder& run);  // RS02_SURFACE_MISSING

// Four figures of one quantity over all pairs.
struct PairFigures {
  double p50 = 0, p90 = 0, p99 = 0, mean = 0;
};
// (merchant, country) pairs of the plan against what the country's number of tiles allows at best.
struct PairMetrics {
  std::uint64_t pairs = 0, rows = 0;
  PairFigures top1, hhi, active;
  double floor_top1_mean = 0, floor_hhi_mean = 0, headroom_top1_mean = 0, headroom_hhi_mean = 0;
  std::uint64_t with_top1_headroom = 0, with_hhi_headroom = 0;
};
Result<PairMetrics> pair_metrics(const store::RunFolder& run);

// The smallest top1 and sum of squared shares that n sites on m tiles can have.
struct Floors {
  double top1, hhi;
};
Floors floors(std::uint64_t n, std::uint64_t m);

}  // namespace placewright::realism
