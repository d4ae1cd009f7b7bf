#include "world/user_regions.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "world/csv.hpp"

namespace placewright::world {
namespace {

constexpr std::string_view kHeader = "country_iso,alpha3,numeric_code,name,region,subregion,start_date,end_date\n";
constexpr std::array<std::string_view, 8> kCodeColumns = {
    "COUNTRY_ISO", "ISO-ALPHA2 CODE", "ISO3166-1-ALPHA-2", "ALPHA-2", "ISO_A2", "ISO2", "ISO", "COUNTRY_CODE"};
constexpr std::array<std::string_view, 3> kRegionColumns = {"REGION", "REGION NAME", "CONTINENT"};
constexpr std::array<std::string_view, 4> kSubregionColumns = {"SUBREGION", "SUB-REGION", "SUB-REGION NAME",
                                                               "INTERMEDIATE REGION NAME"};
constexpr std::size_t kGeoNamesFields = 19;

struct Region {
  std::string region, subregion;
  friend bool operator==(const Region&, const Region&) = default;
};
using Regions = std::map<Iso, Region>;

Error fault(const char* code, std::string_view source, std::size_t line, const std::string& what) {
  return Error(code, std::string(source) + ", line " + std::to_string(line) + ": " + what)
      .with("file", source)
      .with("line", line);
}

// GeoNames' continents and, in the same letters, other lists' codes of continents.
std::optional<Region> of_continent(std::string_view code) {
  static const std::map<std::string_view, Region> kContinents = {
      {"AF", {"Africa", ""}},  {"AS", {"Asia", ""}},
      {"EU", {"Europe", ""}},  {"NA", {"Americas", "Northern America"}},
      {"OC", {"Oceania", ""}}, {"SA", {"Americas", "South America"}},
      {"AN", {"", ""}}};
  const auto found = kContinents.find(code);
  if (found == kContinents.end()) return std::nullopt;
  return found->second;
}

template <std::size_t N>
std::optional<std::size_t> column(const std::vector<std::string>& header,
                                  const std::array<std::string_view, N>& names) {
  for (const auto name : names) {
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (upper(trim(header[i])) == name) return i;
    }
  }
  return std::nullopt;
}

Result<void> put(Regions& out, std::string_view code, Region region, std::string_view source, std::size_t line) {
  const auto iso = Iso::parse(upper(trim(code)));
  if (!iso) return {};  // a continent's or the world's own row
  const auto [at, fresh] = out.emplace(*iso, region);
  if (fresh || at->second == region) return {};
  return fault("REF_REGION_DUP", source, line,
               iso->text() + " is in " + region.region + " here and in " + at->second.region + " before");
}

Result<Regions> read_geonames(const std::vector<std::string>& lines, std::string_view source) {
  Regions out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (trim(lines[i]).empty() || lines[i].starts_with('#')) continue;
    const auto fields = split(lines[i], '\t');
    if (fields.size() != kGeoNamesFields) {
      return fault("REF_REGION_COLUMNS", source, i + 1,
                   std::to_string(fields.size()) + " fields; countryInfo.txt has 19");
    }
    PW_CHECK(put(out, fields[0], of_continent(trim(fields[8])).value_or(Region()), source, i + 1));
  }
  return out;
}

char separator_of(std::string_view header) {
  const std::array separators = {',', ';', '\t'};
  return *std::ranges::max_element(separators, {}, [&](char c) { return std::ranges::count(header, c); });
}

Result<Regions> read_table(const std::vector<std::string>& lines, std::string_view source) {
  const char separator = separator_of(lines.front());
  std::vector<std::string> fields;
  csv_fields(lines.front(), fields, separator);
  const auto code = column(fields, kCodeColumns), region = column(fields, kRegionColumns);
  const auto subregion = column(fields, kSubregionColumns);
  const auto width = fields.size();
  if (!code || !region) {
    return fault("REF_REGION_COLUMNS", source, 1,
                 std::string("no column is known to hold ") + (code ? "regions" : "alpha-2 codes") + " among " +
                     join(fields, ", ").substr(0, 500));
  }
  Regions out;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (trim(lines[i]).empty()) continue;
    csv_fields(lines[i], fields, separator);
    if (fields.size() != width) {
      return fault("REF_REGION_COLUMNS", source, i + 1,
                   std::to_string(fields.size()) + " fields; the header has " + std::to_string(width));
    }
    Region row = {std::string(trim(fields[*region])), subregion ? std::string(trim(fields[*subregion])) : ""};
    if (const auto continent = of_continent(row.region)) row = *continent;
    PW_CHECK(put(out, fields[*code], std::move(row), source, i + 1));
  }
  return out;
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + '"';
}

// As S2 reads it: one of the four, or America.
bool placed(std::string_view region) {
  return std::ranges::count(std::array<std::string_view, 5>{"Africa", "Americas", "Asia", "Europe", "Oceania"},
                            region) > 0;
}

}  // namespace

Result<UserRegions> user_regions(std::string_view text, const std::vector<CountryInfo>& table,
                                 std::string_view source) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (!is_utf8(text)) return fault("REF_REGION_COLUMNS", source, 1, "the file is not UTF-8");
  auto lines = split(text, '\n');
  for (auto& line : lines) {
    if (line.ends_with('\r')) line.pop_back();
  }
  const bool geonames = lines.front().starts_with('#') || split(lines.front(), '\t').size() == kGeoNamesFields;
  PW_TRY(auto regions, geonames ? read_geonames(lines, source) : read_table(lines, source));
  UserRegions out;
  out.csv = kHeader;
  std::vector<Iso> codes;
  for (const auto& row : table) {
    const auto node = regions.extract(row.iso);
    const auto region = node.empty() ? Region() : node.mapped();
    out.csv += row.iso.text() + "," + row.alpha3 + "," + std::to_string(row.numeric) + "," + quoted(row.name) + "," +
               quoted(region.region) + "," + quoted(region.subregion) + ",,\n";
    codes.push_back(row.iso);
  }
  for (const auto& [iso, region] : regions) out.unknown.push_back(iso.text());
  out.without = codes_without_region(out.csv, codes);
  return out;
}

std::vector<std::string> codes_without_region(std::string_view csv, const std::vector<Iso>& codes) {
  std::set<std::string> have = {"AQ"};
  std::vector<std::string> fields, without;
  for (const auto& line : split(csv, '\n')) {
    csv_fields(line, fields);
    if (fields.size() >= 6 && placed(trim(fields[4]))) have.insert(fields[0]);
  }
  for (const auto iso : codes) {
    if (!have.contains(iso.text())) without.push_back(iso.text());
  }
  return without;
}

}  // namespace placewright::world
