// policy.s6.jitter.yaml: where inside its tile a site may stand (spec S5-S6 §4.4).
#pragma once

#include <cstdint>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"

namespace placewright::contracts {

constexpr std::int64_t kMaxAttempts = 1'000'000;

struct PolicyS6 {
  std::string version = "default-uniform-v1";
  std::string mode = "uniform_v1";                 // "mixture_v2", or our own "settled_v1" (docs/states/s6.md)
  std::string seed_namespace = "1B.S6.JITTER_V1";  // part of every site's stream, in both modes
  std::int64_t max_attempts = 64;  // 1 .. 256; up to kMaxAttempts where the version begins "placewright"
  double selection_blend = 0.5;    // 0 .. 1
  struct Component {
    double weight = 0;                            // the three together 1
    double lat_shape_exp = 1, lon_shape_exp = 1;  // 0.2 .. 8
    double max_abs_offset_fraction = 1;           // 0 .. 1
  };
  bool settled() const { return mode == "settled_v1"; }  // its components keep their defaults
  Component core_cluster, secondary_cluster, sparse_tail{1, 1, 1, 1};
};

// PW_POLICY: unknown or missing key, type, range, or weights that sum to nothing.
Result<PolicyS6> read_policy_s6(const Json& policy, const std::string& source);

// What experience says of a policy that is valid: one that crowds the edges of tiles and gives a site few attempts stops on
// thin coasts (E613). Empty when there is nothing to say.
std::string lint(const PolicyS6& policy);

Json echo(const PolicyS6& policy);  // as the run report repeats it

}  // namespace placewright::contracts
