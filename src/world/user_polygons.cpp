#include "world/user_polygons.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace placewright::world {
namespace {

// In the order in which they are believed. Natural Earth has France and Norway in ADM0_A3 only, hence several.
constexpr std::array<std::string_view, 18> kCodeColumns = {"COUNTRY_ISO",
                                                           "ISO3166-1-ALPHA-2",
                                                           "ISO_A2",
                                                           "ISO2",
                                                           "ISO_2",
                                                           "COUNTRY_CODE",
                                                           "ISO3166-1-ALPHA-3",
                                                           "ISO_A3",
                                                           "ISO3",
                                                           "ISO_3",
                                                           "SHAPEISO",
                                                           "SHAPEGROUP",
                                                           "ADM0_A3",
                                                           "GID_0",
                                                           "ISO",
                                                           "ISO_N3",
                                                           "UN_A3",
                                                           "ID"};
constexpr std::array<std::string_view, 6> kNameColumns = {"NAME",    "SHAPENAME", "COUNTRY",
                                                          "NAME_EN", "ADMIN",     "COUNTRY_NAME"};

template <std::size_t N>
std::vector<std::size_t> columns_named(const std::vector<std::string>& columns,
                                       const std::array<std::string_view, N>& names) {
  std::vector<std::size_t> found;
  for (const auto name : names) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (upper(columns[i]) == name) found.push_back(i);
    }
  }
  return found;
}

Result<std::vector<std::size_t>> code_columns(const std::vector<std::string>& columns, const std::string& wanted) {
  if (!wanted.empty()) {
    const auto at = std::ranges::find(columns, wanted);
    if (at != columns.end()) return std::vector{static_cast<std::size_t>(at - columns.begin())};
    return Error("REF_VEC_COLUMNS", "there is no column " + wanted + "; the columns are " + join(columns, ", "));
  }
  auto found = columns_named(columns, kCodeColumns);
  if (found.size() > 1) std::erase_if(found, [&](std::size_t i) { return upper(columns[i]) == "ID"; });  // a mere count
  if (!found.empty()) return found;
  return Error("REF_VEC_COLUMNS", "no column is known to hold country codes; name one of " + join(columns, ", "));
}

const CountryInfo* row_of(const std::vector<CountryInfo>& table, std::string_view value) {
  const auto code = upper(trim(value));
  const auto number = parse_u64(code);
  const auto found = std::ranges::find_if(table, [&](const CountryInfo& row) {
    if (number) return code.size() == 3 && *number == static_cast<std::uint64_t>(row.numeric);
    return code == row.iso.text() || code == row.alpha3;
  });
  return found == table.end() ? nullptr : &*found;
}

std::string label(const geo_io::VectorFeature& feature, const std::vector<std::size_t>& names) {
  for (const auto i : names) {
    if (!feature.values[i].empty()) return feature.values[i];
  }
  return {};
}

Error no_code(const geo_io::VectorTable& source, const geo_io::VectorFeature& feature,
              const std::vector<std::size_t>& codes) {
  std::vector<std::string> values;
  for (const auto i : codes) values.push_back(source.columns[i] + " \"" + feature.values[i] + "\"");
  return Error("REF_VEC_CODE",
               "feature " + std::to_string(feature.number) + ": no code of the ISO table in " + join(values, ", "))
      .with("feature", feature.number)
      .with("values", values);
}

Error no_polygon(const geo_io::VectorFeature& feature, const CountryInfo& row) {
  return Error("REF_VEC_INVALID", "feature " + std::to_string(feature.number) + " (" + row.iso.text() +
                                      "): it has no geometry, or an empty one")
      .with("feature", feature.number)
      .with("country_iso", row.iso);
}

}  // namespace

Result<UserPolygons> user_polygons(const geo_io::VectorTable& source, const std::vector<CountryInfo>& table,
                                   const UserPolygonOptions& options) {
  PW_TRY(const auto codes, code_columns(source.columns, options.iso_field));
  const auto names = columns_named(source.columns, kNameColumns);
  UserPolygons out;
  for (const auto& feature : source.features) {
    const CountryInfo* row = nullptr;
    for (std::size_t k = 0; k < codes.size() && row == nullptr; ++k) row = row_of(table, feature.values[codes[k]]);
    const auto name = label(feature, names);
    bool nobodys = false;
    if (row == nullptr) {
      out.nameless.push_back(name);
      const auto known = options.territories.find(name);
      nobodys = known != options.territories.end() && !known->second;
      if (known != options.territories.end() && known->second) row = row_of(table, known->second->text());
      if (row != nullptr) out.given[name] = row->iso.text();
    }
    if (nobodys) {
      out.left_out.push_back("feature " + std::to_string(feature.number) + ": " + name);
      continue;
    }
    if (row == nullptr || feature.polygons.empty()) {
      if (!options.skip_unusable) return row == nullptr ? no_code(source, feature, codes) : no_polygon(feature, *row);
      out.left_out.push_back("feature " + std::to_string(feature.number) + (name.empty() ? "" : ": " + name));
      continue;
    }
    out.countries.insert(row->iso);
    out.features.push_back({row->numeric, name.empty() ? row->name : name, feature.polygons});
  }
  if (out.countries.empty()) return Error("REF_VEC_EMPTY", "no feature holds a code of the ISO table");
  return out;
}

}  // namespace placewright::world
