// policy.s4.alloc_plan.yaml: how a pair's sites are split over tiles (spec S2-S4 §3.2).
#pragma once

#include <cstdint>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"

namespace placewright::contracts {

struct PolicyS4 {
  std::string version;
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
