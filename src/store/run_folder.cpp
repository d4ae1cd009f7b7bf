#include "store/run_folder.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace placewright::store {
namespace {

bool is_run_local(const std::string& path) {
  return std::ranges::any_of(std::initializer_list<std::string_view>{"data/", "logs/", "reports/", "artefacts/"},
                             [&](std::string_view prefix) { return path.starts_with(prefix); });
}

std::vector<std::pair<std::string, std::string>> tokens(const RunIdentity& identity) {
  return {{"seed", std::to_string(identity.seed)},
          {"parameter_hash", identity.parameter_hash},
          {"manifest_fingerprint", identity.manifest_fingerprint},
          {"run_id", identity.run_id}};
}

// An unquoted version in a dictionary is a number or a date.
std::string scalar_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number()) return compact(value);
  return value.is_object() ? value.value("$date", std::string()) : std::string();
}

}  // namespace

RunFolder::RunFolder(fs::path root, RunIdentity identity, std::vector<fs::path> external_roots,
                     const contracts::Dictionary& dictionary)
    : root_(std::move(root)),
      identity_(std::move(identity)),
      external_roots_(std::move(external_roots)),
      dictionary_(&dictionary) {}

std::string RunFolder::substituted(std::string text) const {
  for (const auto& [name, value] : tokens(identity_)) {
    const auto token = "{" + name + "}";
    for (auto at = text.find(token); at != std::string::npos; at = text.find(token, at + value.size())) {
      text.replace(at, token.size(), value);
    }
  }
  return text;
}

Result<std::string> RunFolder::relative(std::string_view dataset) const {
  PW_TRY(auto path, dictionary_->field(dataset, "path"));
  path = substituted(std::move(path));
  if (path.find_first_of("{}") != std::string::npos) {
    return Error("PW_CONTRACT", "path of dataset " + std::string(dataset) + " keeps an unknown token: " + path);
  }
  return path;
}

Result<fs::path> RunFolder::target(std::string_view dataset) const {
  PW_TRY(auto path, relative(dataset));
  while (path.ends_with('/')) path.pop_back();
  if (!is_run_local(path)) return Error("PW_CONTRACT", "dataset " + std::string(dataset) + " does not lie in the run folder");
  return root_ / path;
}

Result<fs::path> RunFolder::locate(std::string_view dataset) const {
  PW_TRY(auto path, relative(dataset));
  while (path.ends_with('/')) path.pop_back();
  if (is_run_local(path)) return root_ / path;
  std::vector<fs::path> candidates = {root_ / "reference" / path};
  for (const auto& root : external_roots_) candidates.push_back(root / path);
  std::vector<std::string> named;
  for (const auto& candidate : candidates) {
    std::error_code error;
    if (fs::exists(candidate, error)) return candidate;
    named.push_back(candidate.generic_string());
  }
  return Error("PW_INPUT", "no file for dataset " + std::string(dataset) + "; looked for " + join(named, ", "));
}

std::string RunFolder::printed(const fs::path& path) {
  auto text = path.generic_string();
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

std::string RunFolder::shown(const fs::path& path) const {
  if (portable_) {
    std::vector<fs::path> roots = {root_};
    roots.insert(roots.end(), external_roots_.begin(), external_roots_.end());
    for (const auto& root : roots) {
      const auto inside = path.lexically_normal().lexically_relative(root.lexically_normal());
      if (!inside.empty() && *inside.begin() != "..") return printed(inside);
    }
  }
  return printed(path);
}

bool RunFolder::recorded_as(const std::string& recorded, const fs::path& located) const {
  if (recorded == shown(located) || recorded == printed(located)) return true;
  std::error_code error;
  return fs::equivalent(recorded, located, error) && !error;
}

Result<std::string> RunFolder::version(std::string_view dataset) const {
  const auto* entry = dictionary_->find(dataset);
  if (!entry) return Error("PW_CONTRACT", "the dictionary has no entry " + std::string(dataset));
  const auto it = entry->find("version");
  if (it == entry->end()) return std::string("unknown");
  const auto text = substituted(scalar_text(*it));
  return text.empty() || text == "TBD" || text == "null" ? std::string("unknown") : text;
}

Result<std::vector<std::pair<std::string, std::string>>> RunFolder::partition(std::string_view dataset) const {
  const auto* entry = dictionary_->find(dataset);
  if (!entry) return Error("PW_CONTRACT", "the dictionary has no entry " + std::string(dataset));
  std::vector<std::pair<std::string, std::string>> out;
  const auto keys = entry->find("partitioning");
  if (keys == entry->end() || !keys->is_array()) return out;
  const auto known = tokens(identity_);
  for (const auto& key : *keys) {
    if (!key.is_string()) continue;
    const auto it = std::ranges::find(known, key.get<std::string>(), &std::pair<std::string, std::string>::first);
    if (it != known.end()) out.push_back(*it);
  }
  return out;
}

}  // namespace placewright::store
