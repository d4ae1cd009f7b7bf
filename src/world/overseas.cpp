#include "world/overseas.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace placewright::world {
namespace {

// Degrees, generous: each holds all islands of its part and none of its parent's.
struct Part {
  std::string_view parent, code;
  double west, south, east, north;
};
constexpr std::array kParts = {
    Part{"FR", "GF", -55, 1.8, -51, 6.2},       Part{"FR", "GP", -62, 15.7, -60.9, 16.7},
    Part{"FR", "MQ", -61.4, 14.2, -60.6, 15.1}, Part{"FR", "RE", 55, -21.7, 56.1, -20.6},
    Part{"FR", "YT", 44.8, -13.3, 45.5, -12.4}, Part{"NO", "SJ", -9.5, 70.5, -7.5, 71.5},    // Jan Mayen
    Part{"NO", "SJ", 8, 73.5, 36, 82},                                                       // Svalbard
    Part{"NO", "BV", 2.5, -55, 4.5, -54},       Part{"NL", "BQ", -68.8, 11.7, -67.9, 12.6},  // Bonaire
    Part{"NL", "BQ", -63.5, 17.3, -62.8, 17.8},                                              // Saba, Sint Eustatius
    Part{"NZ", "TK", -173, -9.8, -170.8, -8.2}, Part{"AU", "CX", 105, -11, 106, -10},
    Part{"AU", "CC", 96, -13, 97.5, -11.5},
};
constexpr std::string_view kCrimea = "Crimea";
constexpr Part kCrimeaOfRussia = {"RU", "", 32, 44, 37, 46.5};

bool lies_in(const geo::Polygon& polygon, const Part& part) {
  const auto box = geo::bounds({polygon});
  return part.west <= box.min_lon && box.max_lon <= part.east && part.south <= box.min_lat && box.max_lat <= part.north;
}

const CountryInfo* row_of(const std::vector<CountryInfo>& table, std::string_view code) {
  const auto row = std::ranges::find(table, *Iso::parse(code), &CountryInfo::iso);
  return row == table.end() ? nullptr : &*row;
}

std::set<int> ids_of(const std::vector<Feature>& features) {
  std::set<int> ids;
  for (const auto& feature : features)
    if (feature.id && !feature.polygons.empty()) ids.insert(*feature.id);
  return ids;
}

// Moves the feature's polygons that lie in the part's box to `to`; false when there are none.
bool move_part(Feature& feature, const Part& part, geo::MultiPolygon& to) {
  auto& from = feature.polygons;
  const auto first = std::stable_partition(from.begin(), from.end(), [&](const auto& p) { return !lies_in(p, part); });
  const bool found = first != from.end();
  to.insert(to.end(), first, from.end());
  from.erase(first, from.end());
  return found;
}

void split_crimea(const std::vector<CountryInfo>& table, std::vector<Feature>& features) {
  const auto* russia = row_of(table, kCrimeaOfRussia.parent);
  Feature crimea{std::nullopt, std::string(kCrimea), {}};
  for (auto& feature : features)
    if (russia != nullptr && feature.id == russia->numeric) move_part(feature, kCrimeaOfRussia, crimea.polygons);
  if (!crimea.polygons.empty()) features.push_back(std::move(crimea));
}

}  // namespace

std::map<std::string, std::string> split_overseas(const std::vector<CountryInfo>& table,
                                                  std::vector<Feature>& features) {
  const auto drawn = ids_of(features);
  std::map<std::string, Feature> parts;
  std::map<std::string, std::string> parents;
  for (const auto& part : kParts) {
    const auto *row = row_of(table, part.code), *parent = row_of(table, part.parent);
    if (row == nullptr || parent == nullptr || drawn.contains(row->numeric)) continue;
    const auto code = row->iso.text();
    for (auto& feature : features) {
      if (feature.id.value_or(parent->numeric) != parent->numeric) continue;
      auto& own = parts.try_emplace(code, Feature{row->numeric, row->name, {}}).first->second;
      if (move_part(feature, part, own.polygons)) parents[code] = feature.name;
    }
  }
  std::erase_if(features, [](const Feature& feature) { return feature.polygons.empty(); });
  for (auto& [code, feature] : parts)
    if (!feature.polygons.empty()) features.push_back(std::move(feature));
  split_crimea(table, features);
  return parents;
}

}  // namespace placewright::world
