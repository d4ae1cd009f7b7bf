// policy.s3.requirements.yaml: countries whose outlets are dropped (spec S2-S4 §2.2).
#pragma once

#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

namespace placewright::contracts {

struct PolicyS3 {
  std::string version;
  bool enabled = false;
  std::vector<Iso> denylist;  // ascending, also while disabled
};

Result<PolicyS3> read_policy_s3(const Json& policy, const std::string& source);  // PW_POLICY

}  // namespace placewright::contracts
