#include "datasets/policies.hpp"

#include "contracts/yaml.hpp"
#include "store/files.hpp"

namespace placewright::datasets {
namespace {

Result<PolicyFile> read(const std::filesystem::path& path) {
  PW_TRY(const auto text, store::read_text(path));
  PW_TRY(auto fields, contracts::parse_yaml(text, path.string()));
  return PolicyFile{std::move(fields), path};
}

}  // namespace

Result<PolicyFile> read_policy_file(const store::RunFolder& run, std::string_view id) {
  PW_TRY(const auto path, run.locate(id));
  return read(path);
}

Result<std::optional<PolicyFile>> read_optional_policy_file(const store::RunFolder& run, std::string_view id) {
  if (run.dictionary().find(id) == nullptr) return std::optional<PolicyFile>();
  const auto path = run.locate(id);
  if (!path) return std::optional<PolicyFile>();
  PW_TRY(auto file, read(*path));
  return std::optional(std::move(file));
}

}  // namespace placewright::datasets
