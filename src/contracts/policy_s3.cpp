#include "contracts/policy_s3.hpp"

#include <algorithm>

#include "contracts/fields.hpp"

namespace placewright::contracts {

Result<PolicyS3> read_policy_s3(const Json& policy, const std::string& source) {
  Fields f(policy, source);
  PolicyS3 out;
  out.version = f.text("policy_version");
  out.enabled = f.flag("enabled");
  const auto denied = f.text_list("denylist_country_iso");
  f.optional_text("notes");
  PW_CHECK(f.finish());
  for (const auto& text : denied) {
    const auto iso = Iso::parse(text);
    if (!iso) return Error("PW_POLICY", source + ": denylist_country_iso must hold codes of two letters A-Z, found \"" + text + "\"");
    out.denylist.push_back(*iso);
  }
  std::ranges::sort(out.denylist);
  const auto twice = std::ranges::adjacent_find(out.denylist);
  if (twice != out.denylist.end()) return Error("PW_POLICY", source + ": denylist_country_iso holds " + twice->text() + " twice");
  return out;
}

}  // namespace placewright::contracts
