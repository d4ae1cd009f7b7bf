// The files below contracts/, compiled in: dictionary, schemas, profiles, regions, licences.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace placewright::contracts {

// The file at that path below contracts/, e.g. "profiles/reference/policy.s6.jitter.yaml".
std::optional<std::string_view> embedded(std::string_view relative_path);
std::vector<std::string> embedded_names();  // in code-point order

}  // namespace placewright::contracts
