#include "world/country_info.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.hpp"

namespace placewright::world {
namespace {

constexpr std::size_t kFields = 19;
constexpr std::size_t kFewestRows = 230;  // fewer is a toy list

bool is_alpha3(std::string_view text) {
  return text.size() == 3 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::string at_line(std::size_t number) { return "countryInfo.txt, line " + std::to_string(number) + ": "; }

Result<CountryInfo> parse_row(const std::vector<std::string>& fields, Iso iso, std::size_t number) {
  CountryInfo row;
  row.iso = iso;
  row.alpha3 = upper(trim(fields[1]));
  const auto numeric = parse_u64(trim(fields[2]));
  const auto population = parse_u64(trim(fields[7]));
  row.name = trim(fields[4]);
  if (!is_alpha3(row.alpha3)) return Error("REF_ISO_CODE", at_line(number) + "alpha-3 code \"" + row.alpha3 + "\"");
  if (!numeric || *numeric > 999) return Error("REF_ISO_CODE", at_line(number) + "numeric code \"" + fields[2] + "\"");
  if (row.name.empty() || !population)
    return Error("REF_ISO_FIELDS", at_line(number) + "name or population is missing");
  row.numeric = static_cast<std::int16_t>(*numeric);
  row.population = *population;
  return row;
}

}  // namespace

bool withdrawn(Iso iso) { return iso == *Iso::parse("AN") || iso == *Iso::parse("CS"); }

Result<std::vector<CountryInfo>> parse_country_info(std::string_view text, bool with_withdrawn) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<CountryInfo> rows;
  std::set<std::pair<std::string, std::int16_t>> numbers;
  const auto lines = split(text, '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto line = lines[i];
    if (line.ends_with('\r')) line.pop_back();
    if (trim(line).empty() || line.starts_with('#')) continue;
    const auto fields = split(line, '\t');
    if (fields.size() != kFields) {
      return Error("REF_ISO_FIELDS", at_line(i + 1) + std::to_string(fields.size()) + " fields instead of 19");
    }
    const auto code = upper(trim(fields[0]));
    const auto iso = Iso::parse(code);
    if (!iso) return Error("REF_ISO_CODE", at_line(i + 1) + "country code \"" + code + "\"");
    if (code == "UK" || code == "XK" || (withdrawn(*iso) && !with_withdrawn)) continue;
    PW_TRY(auto row, parse_row(fields, *iso, i + 1));
    if (!numbers.emplace(row.alpha3, row.numeric).second)
      return Error("REF_ISO_DUP", at_line(i + 1) + row.alpha3 + " is there twice");
    rows.push_back(std::move(row));
  }
  std::ranges::sort(rows, {}, &CountryInfo::iso);
  const auto twice = std::ranges::adjacent_find(rows, {}, &CountryInfo::iso);
  if (twice != rows.end()) return Error("REF_ISO_DUP", "countryInfo.txt: " + twice->iso.text() + " is there twice");
  if (rows.size() < kFewestRows) {
    return Error("REF_ISO_ROWS",
                 "countryInfo.txt: " + std::to_string(rows.size()) + " countries; a full list has about 250");
  }
  return rows;
}

}  // namespace placewright::world
