#include "contracts/policy_s5.hpp"

#include "contracts/fields.hpp"

namespace placewright::contracts {

Result<PolicyS5> read_policy_s5(const Json& policy, const std::string& source) {
  Fields f(policy, source);
  PolicyS5 out;
  out.version = f.text("policy_version");
  out.method = f.choice("method", {"site_tile_assign", "assign_v2"});
  f.optional_text("notes");
  PW_CHECK(f.finish());
  return out;
}

}  // namespace placewright::contracts
