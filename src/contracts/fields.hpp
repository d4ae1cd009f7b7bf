// Strict reading of one mapping of a policy: every key known, every type and range checked, the first fault kept.
#pragma once

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace placewright::contracts {

//   Fields f(json, "policy.s6.jitter.yaml");
//   policy.mode = f.choice("mode", {"uniform_v1", "mixture_v2"});
//   PW_CHECK(f.finish());   // the first fault, or an unknown key, as PW_POLICY naming file, key and value
// After a fault, readers return harmless values.
class Fields {
 public:
  Fields(const Json& mapping, std::string where);

  bool has(const std::string& key) const;
  std::string text(const std::string& key, bool may_be_empty = true);
  std::string choice(const std::string& key, const std::vector<std::string>& allowed);
  bool flag(const std::string& key);
  // JSON-Schema integers: 6.0 counts as 6; true does not.
  std::int64_t integer(const std::string& key, std::int64_t low,
                       std::int64_t high = std::numeric_limits<std::int64_t>::max());
  double number(const std::string& key, double low, double high, bool open_low = false);
  std::vector<std::string> text_list(const std::string& key);
  // Reads the nested mapping `key` with `read`; its keys are checked like these.
  Fields nested(const std::string& key);
  void optional_text(const std::string& key);  // "notes": allowed, must be text when present
  void adopt(Fields& nested);                  // takes over the fault of a nested mapping, after its finish
  Result<void> finish();

 private:
  const Json* take(const std::string& key);
  void fault(const std::string& key, const std::string& what);

  Json mapping_;
  std::string where_;
  std::set<std::string> seen_;
  std::string fault_;
};

// Policies of our own may hold what the reference's may not.
inline bool is_own_version(const std::string& policy_version) { return policy_version.starts_with("placewright"); }

}  // namespace placewright::contracts
