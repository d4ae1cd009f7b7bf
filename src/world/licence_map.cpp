#include "world/licence_map.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "base/text.hpp"
#include "contracts/embedded.hpp"
#include "contracts/yaml.hpp"

namespace placewright::world {
namespace {

enum class Want { text_or_null, flag, flag_or_null, text_path, redistribution };
constexpr std::array<std::pair<std::string_view, Want>, 9> kEntryKeys = {{{"spdx", Want::text_or_null},
                                                                          {"osi_approved", Want::flag_or_null},
                                                                          {"redistribution", Want::redistribution},
                                                                          {"notice_required", Want::flag},
                                                                          {"sharealike", Want::flag},
                                                                          {"source_disclosure", Want::flag},
                                                                          {"text_path", Want::text_path},
                                                                          {"attribution_template", Want::text_or_null},
                                                                          {"notes", Want::text_or_null}}};

bool fits(const Json& value, Want want) {
  switch (want) {
    case Want::text_or_null:
      return value.is_null() || value.is_string();
    case Want::flag_or_null:
      return value.is_null() || value.is_boolean();
    case Want::flag:
      return value.is_boolean();
    case Want::redistribution:
      return value == "open" || value == "restricted" || value == "internal";
    case Want::text_path:
      return value.is_string() && !value.get<std::string>().empty();
  }
  return false;
}

std::string_view wanted(Want want) {
  switch (want) {
    case Want::text_or_null:
      return "a text or null";
    case Want::flag_or_null:
      return "true, false or null";
    case Want::flag:
      return "true or false";
    case Want::redistribution:
      return "open, restricted or internal";
    default:
      return "a text";
  }
}

bool digits_between(std::string_view text, char separator, std::size_t parts) {
  const auto pieces = split(text, separator);
  return pieces.size() == parts && std::ranges::all_of(pieces, [](const auto& p) { return parse_u64(p).has_value(); });
}

// Only a text below the folder of licences: a path from a user's file must not write over another product.
bool safe_text_path(const std::string& path) {
  const std::filesystem::path given(path);
  if (given.is_absolute() || given.lexically_normal() != given || path.find('\\') != std::string::npos) return false;
  const auto folder = upper(given.begin()->string()), ending = upper(given.extension().string());
  return (folder == "LICENSES" || folder == "LICENCES") && std::distance(given.begin(), given.end()) > 1 &&
         (ending == ".TXT" || ending == ".MD" || ending == ".HTML");
}

Error fault(const char* code, std::string_view source, const std::string& what) {
  return Error(code, std::string(source) + ": " + what).with("file", source);
}

Result<void> check_entry(const std::string& name, const Json& entry, std::string_view source) {
  const auto where = "licenses." + name;
  if (!entry.is_object()) return fault("REF_LIC_MAP", source, where + " is no mapping");
  for (const auto& [key, want] : kEntryKeys) {
    if (!entry.contains(key)) return fault("REF_LIC_MAP", source, where + "." + std::string(key) + " is missing");
    if (!fits(entry.at(std::string(key)), want)) {
      return fault("REF_LIC_MAP", source,
                   where + "." + std::string(key) + " is " + entry.at(std::string(key)).dump() + ", not " +
                       std::string(wanted(want)));
    }
  }
  for (const auto& [key, value] : entry.items()) {
    if (std::ranges::none_of(kEntryKeys, [&key = key](const auto& known) { return known.first == key; }))
      return fault("REF_LIC_MAP", source, where + "." + key + " is not a key of a licence");
  }
  if (const auto& spdx = entry.at("spdx"); spdx.is_string() && spdx != name)
    return fault("REF_LIC_NAME", source, where + ".spdx is " + spdx.dump() + "; it is null or the name of the entry");
  const auto path = entry.at("text_path").get<std::string>();
  if (safe_text_path(path)) return {};
  return fault("REF_LIC_TEXT", source,
               where + ".text_path is \"" + path + "\"; texts lie in licenses/ and end in .txt, .md or .html");
}

Result<std::string> check_head(const Json& map, std::string_view source) {
  if (!map.is_object()) return fault("REF_LIC_MAP", source, "it is no mapping");
  for (const auto* key : {"semver", "version", "licenses"}) {
    if (!map.contains(key)) return fault("REF_LIC_MAP", source, std::string(key) + " is missing");
  }
  if (map.size() != 3) return fault("REF_LIC_MAP", source, "its keys are semver, version and licenses, no others");
  const auto& semver = map.at("semver");
  if (!semver.is_string() || !digits_between(semver.get<std::string>(), '.', 3))
    return fault("REF_LIC_MAP", source, "semver is " + semver.dump() + ", not three numbers");
  const auto& given = map.at("version");
  const auto date = given.is_object() ? given.value("$date", Json()) : given;
  if (!date.is_string() || !digits_between(date.get<std::string>(), '-', 3))
    return fault("REF_LIC_MAP", source, "version is " + given.dump() + ", not a date");
  if (!map.at("licenses").is_object() || map.at("licenses").empty())
    return fault("REF_LIC_MAP", source, "licenses names no licence");
  return date.get<std::string>();
}

// Values of `key` wherever it stands.
void collect(const Json& value, const std::string& key, std::set<std::string>& out) {
  if (value.is_object() && value.contains(key) && value.at(key).is_string())
    out.insert(value.at(key).get<std::string>());
  if (!value.is_structured()) return;
  for (const auto& part : value) collect(part, key, out);
}

}  // namespace

std::vector<std::string> LicenceMap::names() const {
  std::vector<std::string> out;
  for (const auto& [name, path] : texts) out.push_back(name);
  return out;
}

Result<std::vector<std::string>> named_licences() {
  std::set<std::string> names;
  for (const auto& file : contracts::embedded_names()) {
    const bool dictionary = file.starts_with("dictionary/"), registry = file.starts_with("artefact_registry/");
    if (!dictionary && !registry) continue;
    PW_TRY(const auto content, contracts::parse_yaml(*contracts::embedded(file), file));
    collect(content, dictionary ? "licence" : "license", names);
  }
  return std::vector<std::string>(names.begin(), names.end());
}

Result<LicenceMap> parse_licence_map(std::string_view text, std::string_view source) {
  auto map = contracts::parse_yaml(text, source);
  if (!map) return std::move(map).error().as("REF_LIC_MAP");
  LicenceMap out;
  PW_TRY(out.version, check_head(*map, source));
  for (const auto& [name, entry] : map->at("licenses").items()) {
    PW_CHECK(check_entry(name, entry, source));
    out.texts[name] = entry.at("text_path").get<std::string>();
  }
  PW_TRY(auto missing, named_licences());
  std::erase_if(missing, [&](const auto& name) { return out.texts.contains(name); });
  if (missing.empty()) return out;
  return fault("REF_LIC_NAME", source, "it has no entry for " + join(missing, ", ") + ", which data sets name");
}

}  // namespace placewright::world
