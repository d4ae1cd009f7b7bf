#include "realism/filter.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "contracts/yaml.hpp"
#include "realism/run_files.hpp"
#include "store/files.hpp"

namespace placewright::realism {

std::vector<Iso> Filter::dropped() const {
  std::vector<Iso> out;
  for (const auto& code : codes) {
    if (const auto iso = Iso::parse(code); iso && enabled) out.push_back(*iso);
  }
  return out;
}

Result<Filter> read_filter(const std::filesystem::path& file) {
  const auto bad = [&](const std::string& detail) {
    return Error("RS04_POLICY_INVALID", file.string() + ": " + detail)
        .with("path", file.string())
        .with("detail", detail);
  };
  const auto text = store::read_text(file);
  if (!text) return bad("cannot be read");
  const auto policy = contracts::parse_yaml(*text, file.string());
  if (!policy || !policy->is_object()) return bad("is not a mapping");
  const auto list = policy->value("denylist_country_iso", Json::array());
  if (!list.is_array()) return bad("denylist_country_iso is not a list");
  Filter out;
  if (policy->contains("policy_version")) {
    const auto& version = (*policy)["policy_version"];
    out.version = version.is_string() ? version.get<std::string>() : version.dump();
  }
  out.enabled = flag_at(*policy, "enabled");
  for (const auto& code : list) {
    const auto name = upper(trim(code.is_string() ? code.get<std::string>() : code.dump()));
    if (!name.empty()) out.codes.push_back(name);
  }
  std::ranges::sort(out.codes);
  out.codes.erase(std::unique(out.codes.begin(), out.codes.end()), out.codes.end());
  return out;
}

}  // namespace placewright::realism
