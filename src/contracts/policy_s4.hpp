// policy.s4.alloc_plan.yaml: how a pair's sites are split over tiles (spec S2-S4 §3.2).
#pragma once

#include <cstdint>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"
#include "contracts/ends.hpp"

namespace placewright::contracts {

// spatial_pps_v1: systematic sampling in proportion to mass along a Hilbert curve (docs/states/s4.md). Only policies
// whose version begins "placewright" may ask for it.
struct SpatialPps {
  // For lifelike masses: what a block's mass is multiplied by, given the outlets its catchment may expect.
  struct Catchment {
    double km2 = 0;  // 0: none
    Ends entry;      // expected outlets at which half of the catchments are entered
    double entry_power = 1;
    // A merchant with fewer outlets than this in a country is no chain there: its outlets are taken as some of its
    // trade's, which has one for so many people, the more so the fewer they are.
    std::int64_t chain_outlets = 1;
    double people_per_trade_outlet = 1e9;
    Ends saturation;  // a place with k times the people gets k^(1 - saturation) times the outlets
  } catchment;
  // For balanced masses: the densest blocks of a country, up to this area for each of its outlets.
  double support_km2_per_outlet = 0;  // 0: the whole country
  // Shares of merchants on each orientation level, for those whose catalogue gives none; together 1.
  std::array<double, kOrientationLevels> orientation_shares{1, 0, 0, 0, 0};
};

struct PolicyS4 {
  std::string version;
  bool spatial = false;  // spatial_pps_v1; everything below `pps` keeps its defaults
  SpatialPps pps;
  bool enabled = false;   // master switch of guard, residual spreading and diversification
  double soft_guard = 1;  // largest share of a pair on one tile before units move away, in (0, 1]
  double hard_guard = 1;  // ceiling of a tile that receives, in (0, 1]; may be below the soft one

  struct Reroute {
    bool enabled = false;
    std::int64_t max_moves = 0;
  } reroute;
  struct Residual {
    bool enabled = false;
    double min_active_fraction = 0;
    std::int64_t max_steps = 0;
  } residual;
  struct Diversification {
    bool enabled = false;
    std::int64_t apply_n_sites_max = 0;
    double window_fraction = 0;
    std::int64_t window_min = 0;
  } diversification;
  std::string seed_namespace;  // hashed into the rotation
};

Result<PolicyS4> read_policy_s4(const Json& policy, const std::string& source);  // PW_POLICY

// The policy as the run report echoes it.
Json echo(const PolicyS4& policy);

}  // namespace placewright::contracts
