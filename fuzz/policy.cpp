// Policies, from YAML text to the structs the states use. The first byte chooses the kind.
#include <cmath>

#include "contracts/policy_s2.hpp"
#include "contracts/policy_s3.hpp"
#include "contracts/policy_s4.hpp"
#include "contracts/policy_s5.hpp"
#include "contracts/policy_s6.hpp"
#include "contracts/policy_s9.hpp"
#include "contracts/yaml.hpp"
#include "target.hpp"

namespace {

using namespace placewright;

void s2(const Json& fields) {
  const auto policy = contracts::read_policy_s2(fields, "input");
  if (!fuzz::good(policy)) return;
  fuzz::require(policy->dp >= 0 && policy->dp <= 18, "dp is 0 to 18");
  fuzz::require(policy->units() > 0, "the units are 10^dp");
}

void s3(const Json& fields) {
  const auto policy = contracts::read_policy_s3(fields, "input");
  if (!fuzz::good(policy)) return;
  for (std::size_t i = 1; i < policy->denylist.size(); ++i) {
    fuzz::require(policy->denylist[i - 1] <= policy->denylist[i], "the denylist ascends");
  }
}

void s6(const Json& fields) {
  const auto policy = contracts::read_policy_s6(fields, "input");
  if (!fuzz::good(policy)) return;
  fuzz::require(static_cast<bool>(parse_json(compact(contracts::echo(*policy)), "echo")), "the echo is JSON");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto fields = contracts::parse_yaml(fuzz::text_of(data + 1, size - 1), "input");
  if (!fuzz::good(fields)) return 0;
  switch (data[0]) {
    case '2':
      s2(*fields);
      break;
    case '3':
      s3(*fields);
      break;
    case '4':
      fuzz::good(contracts::read_policy_s4(*fields, "input"));
      break;
    case '5':
      fuzz::good(contracts::read_policy_s5(*fields, "input"));
      break;
    case '6':
      s6(*fields);
      break;
    default:
      fuzz::good(contracts::read_policy_s9(*fields, "input"));
  }
  return 0;
}
