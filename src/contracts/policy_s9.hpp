// policy.s9.validation.yaml: the grade without which S9 gives no flag. Runs without the file ask for none.
#pragma once

#include <string>

#include "base/json.hpp"
#include "base/result.hpp"

namespace placewright::contracts {

struct PolicyS9 {
  std::string version = "default-no-grade";
  std::string require_grade = "none";  // or "B", "B_plus"
  std::string grade_of = "placement";  // or "whole": which grade of `placewright score`
  bool asks() const { return require_grade != "none"; }
};

Result<PolicyS9> read_policy_s9(const Json& policy, const std::string& source);  // PW_POLICY

}  // namespace placewright::contracts
