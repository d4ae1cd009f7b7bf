// The policy files of a run, found by their dictionary id and read as text without meaning yet.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"
#include "store/run_folder.hpp"

namespace placewright::datasets {

struct PolicyFile {
  Json fields;
  std::filesystem::path path;  // as located; run.shown(path) for published text
};

// A missing file: PW_INPUT with the places looked at. Not YAML: the code of contracts::parse_yaml.
Result<PolicyFile> read_policy_file(const store::RunFolder& run, std::string_view id);
// The same for a policy that a run may do without: nullopt when the dictionary does not know it or there is no file.
Result<std::optional<PolicyFile>> read_optional_policy_file(const store::RunFolder& run, std::string_view id);

}  // namespace placewright::datasets
