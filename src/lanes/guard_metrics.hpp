// The fourteen figures of an upstream run that the freeze guard judges, and the bands they are held against
// (spec realism §3.7).
#pragma once

#include <array>
#include <optional>

#include "lanes/guard_read.hpp"

namespace placewright::lanes {

struct Mismatch {  // home country is not the legal country
  std::uint64_t rows = 0, mismatched = 0, merchants = 0;
  double rate() const { return rows == 0 ? 0 : static_cast<double>(mismatched) / static_cast<double>(rows); }
};

struct GuardMetrics {
  double single_site_share = 0;
  double median_outlets = 0;
  double top10_share = 0;
  double gini = 0;
  Mismatch all, bottom, top;  // bottom: size deciles 1-3; top: decile 10
  double gradient = 0;        // percentage points
  std::array<double, 2> gradient_ci{};
  double spread = 0;
  double candidates_median = 0;
  std::optional<double> correlation;  // absent where one side is constant
  double realization_median = 0;
  double phi_cv = 0, phi_ratio = 0;
  bool identities_sound = false, outputs_present = false;
  std::uint64_t merchants_judged = 0, merchants_with_candidates = 0;
  double share_exhausted = 0, share_high_reject = 0;
};

// An outlet of a merchant without a final count, or two final counts of a merchant that differ: LANE_GUARD_SURFACE.
// The bootstrap draws merchants by a counter-based generator keyed by (bootstrap_seed, replicate), so the interval is
// the same on every machine.
Result<GuardMetrics> guard_metrics(const Upstream& run, std::size_t replicates, std::uint64_t bootstrap_seed);

// 95 % Wilson interval of a share.
std::array<double, 2> wilson(std::uint64_t successes, std::uint64_t total);

struct GuardCheck {
  std::string_view metric;
  Json value;  // a number, a boolean, or null
  bool b = false, b_plus = false;
};
// In the reference's order.
std::vector<GuardCheck> band_checks(const GuardMetrics& metrics);

}  // namespace placewright::lanes
