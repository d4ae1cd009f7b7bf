#include "world/territories.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "contracts/yaml.hpp"

namespace placewright::world {
namespace {

// Without the quotes that it may stand in.
std::string bare(std::string_view text) {
  text = trim(text);
  const bool quoted = text.size() >= 2 && text.front() == text.back() && (text.front() == '"' || text.front() == '\'');
  return std::string(quoted ? text.substr(1, text.size() - 2) : text);
}

Error wrong(std::size_t line, const std::string& name, const std::string& what) {
  return Error("REF_VEC_TERRITORY", (line == 0 ? "" : "line " + std::to_string(line) + ": ") + name + ": " + what)
      .with("feature", name)
      .with("line", line);
}

// The YAML reader tells neither lines nor that a key comes again.
Result<std::map<std::string, std::size_t>> lines_of(std::string_view text, const Json& parsed) {
  std::map<std::string, std::size_t> lines;
  std::size_t number = 0;
  for (const auto& line : split(text, '\n')) {
    ++number;
    const auto name = bare(std::string_view(line).substr(0, line.rfind(':', line.find('#'))));
    if (!parsed.contains(name)) continue;
    const auto [before, added] = lines.emplace(name, number);
    if (!added) return wrong(number, name, "stands in line " + std::to_string(before->second) + " already");
  }
  return lines;
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
                                    {"Crimea", Iso::parse("RU")},
                                    {"Cyprus U.N. Buffer Zone", Iso::parse("CY")},
                                    {"USNB Guantanamo Bay", Iso::parse("CU")}};
  return plain;
}

Result<UserTerritories> parse_territories(std::string_view text, const std::vector<CountryInfo>& table) {
  auto parsed = contracts::parse_yaml(text, "territories");
  if (!parsed) return std::move(parsed.error()).as("REF_VEC_TERRITORY");
  if (!parsed->is_object()) return Error("REF_VEC_TERRITORY", "the file is no map of feature name to country code");
  UserTerritories out;
  PW_TRY(out.lines, lines_of(text, *parsed));
  for (const auto& [name, value] : parsed->items()) {
    // YAML reads an unquoted NO as false.
    const auto code = value == Json(false) ? std::string("NO") : value.is_string() ? value.get<std::string>() : "";
    if (code == "none") {
      out.countries[name] = std::nullopt;
      continue;
    }
    const auto iso = Iso::parse(code);
    if (!iso || row_of(table, *iso) == nullptr)
      return wrong(out.lines[name], name,
                   (code.empty() ? value.dump() : code) + " is neither an alpha-2 code of the ISO table nor none");
    out.countries[name] = iso;
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

Result<void> check_names(const UserTerritories& territories, const std::vector<std::string>& names) {
  for (const auto& [name, code] : territories.countries) {
    if (std::ranges::find(names, name) != names.end()) continue;
    const auto line = territories.lines.find(name);
    return wrong(line == territories.lines.end() ? 0 : line->second, name,
                 "is not a feature without a code; these are: " + join(names, ", "));
  }
  return {};
}

}  // namespace placewright::world
