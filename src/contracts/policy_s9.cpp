#include "contracts/policy_s9.hpp"

#include "contracts/fields.hpp"

namespace placewright::contracts {

Result<PolicyS9> read_policy_s9(const Json& policy, const std::string& source) {
  Fields f(policy, source);
  PolicyS9 out;
  out.version = f.text("policy_version");
  out.require_grade = f.choice("require_grade", {"none", "B", "B_plus"});
  out.grade_of = f.choice("grade_of", {"placement", "whole"});
  f.optional_text("notes");
  PW_CHECK(f.finish());
  if (is_own_version(out.version)) return out;
  return Error("PW_POLICY", source + ": policy_version must begin with placewright, found " + out.version);
}

}  // namespace placewright::contracts
