#include "world/overseas.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace placewright::world {
namespace {

// Degrees, generous: each holds all islands of its part and none of another country.
struct Part {
  std::string_view parent;  // name of the feature
  std::string_view code;
  double west, south, east, north;
};
constexpr std::array kParts = {
    Part{"France", "GF", -55, 2, -51, 6},
    Part{"France", "GP", -62, 15.7, -60.9, 16.6},
    Part{"France", "MQ", -61.4, 14.3, -60.7, 15},
    Part{"France", "RE", 55, -21.6, 56, -20.7},
    Part{"France", "YT", 44.9, -13.2, 45.4, -12.5},
    Part{"Norway", "SJ", -9.5, 70.5, -7.5, 71.5},  // Jan Mayen
    Part{"Norway", "SJ", 10, 74, 34, 81},          // Svalbard
    Part{"Norway", "BV", 3, -55, 4, -54},
    Part{"Netherlands", "BQ", -68.6, 11.9, -68, 12.5},    // Bonaire
    Part{"Netherlands", "BQ", -63.4, 17.3, -62.8, 17.8},  // Saba, Sint Eustatius
    Part{"New Zealand", "TK", -173, -9.7, -171, -8.4},
    Part{"Indian Ocean Ter.", "CX", 105, -11, 106, -10},
    Part{"Indian Ocean Ter.", "CC", 96, -13, 97.5, -11.5},
};

const Part* part_of(const std::string& parent, const geo::Polygon& polygon) {
  const auto box = geo::bounds({polygon});
  const auto found = std::ranges::find_if(kParts, [&](const Part& part) {
    return part.parent == parent && part.west <= box.min_lon && box.max_lon <= part.east && part.south <= box.min_lat &&
           box.max_lat <= part.north;
  });
  return found == kParts.end() ? nullptr : &*found;
}

}  // namespace

std::map<std::string, std::string> split_overseas(const std::vector<CountryInfo>& table,
                                                  std::vector<Feature>& features) {
  std::map<std::string, Feature> parts;
  std::map<std::string, std::string> parents;
  for (auto& feature : features) {
    geo::MultiPolygon rest;
    for (auto& polygon : feature.polygons) {
      const auto* part = part_of(feature.name, polygon);
      if (part == nullptr) {
        rest.push_back(std::move(polygon));
        continue;
      }
      const std::string code(part->code);
      parts[code].polygons.push_back(std::move(polygon));
      parents[code] = feature.name;
    }
    feature.polygons = std::move(rest);
  }
  std::erase_if(features, [](const Feature& feature) { return feature.polygons.empty(); });
  for (auto& [code, feature] : parts) {
    const auto row = std::ranges::find(table, *Iso::parse(code), &CountryInfo::iso);
    if (row == table.end()) continue;
    feature.id = row->numeric;
    feature.name = row->name;
    features.push_back(std::move(feature));
  }
  return parents;
}

}  // namespace placewright::world
