#include "world/territories.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "contracts/yaml.hpp"

namespace placewright::world {
namespace {

std::string line_of(std::string_view text, std::string_view name) {
  std::size_t number = 0;
  for (const auto& line : split(text, '\n')) {
    ++number;
    if (line.find(name) != std::string::npos) return "line " + std::to_string(number) + ": ";
  }
  return {};
}

Error wrong(std::string_view text, const std::string& name, const std::string& what) {
  return Error("REF_VEC_TERRITORY", line_of(text, name) + name + ": " + what).with("feature", name);
}

const CountryInfo* row_of(const std::vector<CountryInfo>& table, Iso iso) {
  const auto row = std::ranges::find(table, iso, &CountryInfo::iso);
  return row == table.end() ? nullptr : &*row;
}

}  // namespace

const Territories& plain_territories() {
  static const Territories plain = {{"Baikonur", Iso::parse("KZ")},
                                    {"Clipperton I.", Iso::parse("FR")},
                                    {"Coral Sea Is.", Iso::parse("AU")},
                                    {"Cyprus U.N. Buffer Zone", Iso::parse("CY")},
                                    {"USNB Guantanamo Bay", Iso::parse("CU")}};
  return plain;
}

Result<Territories> parse_territories(std::string_view text, const std::vector<CountryInfo>& table) {
  auto parsed = contracts::parse_yaml(text, "territories");
  if (!parsed) return std::move(parsed.error()).as("REF_VEC_TERRITORY");
  if (!parsed->is_object()) return Error("REF_VEC_TERRITORY", "the file is no map of feature name to country code");
  Territories out;
  for (const auto& [name, value] : parsed->items()) {
    // YAML reads an unquoted NO as false.
    const auto code = value == Json(false) ? std::string("NO") : value.is_string() ? value.get<std::string>() : "";
    if (code == "none") {
      out[name] = std::nullopt;
      continue;
    }
    const auto iso = Iso::parse(code);
    if (!iso || row_of(table, *iso) == nullptr)
      return wrong(text, name,
                   (code.empty() ? value.dump() : code) + " is neither an alpha-2 code of the ISO table nor none");
    out[name] = iso;
  }
  return out;
}

std::map<std::string, std::string> give_territories(const Territories& territories,
                                                    const std::vector<CountryInfo>& table,
                                                    std::vector<Feature>& features) {
  std::map<std::string, std::string> given;
  for (auto& feature : features) {
    const auto found = feature.id ? territories.end() : territories.find(feature.name);
    if (found == territories.end() || !found->second) continue;
    const auto* row = row_of(table, *found->second);
    if (row == nullptr) continue;
    feature.id = row->numeric;
    given[feature.name] = row->iso.text();
  }
  return given;
}

Result<void> check_names(const Territories& territories, const std::vector<std::string>& names) {
  for (const auto& [name, code] : territories) {
    if (std::ranges::find(names, name) != names.end()) continue;
    return Error("REF_VEC_TERRITORY", name + " is not a feature without a code; these are: " + join(names, ", "))
        .with("feature", name);
  }
  return {};
}

}  // namespace placewright::world
