// policy.s5.assignment.yaml: which draws deal a pair's tiles to its sites. Runs without the file use the reference's.
#pragma once

#include <string>

#include "base/json.hpp"
#include "base/result.hpp"

namespace placewright::contracts {

struct PolicyS5 {
  std::string version = "default-site-tile-assign";
  std::string method = "site_tile_assign";  // or our own "assign_v2" (docs/states/s5.md)
  bool own() const { return method == "assign_v2"; }
};

Result<PolicyS5> read_policy_s5(const Json& policy, const std::string& source);  // PW_POLICY

}  // namespace placewright::contracts
