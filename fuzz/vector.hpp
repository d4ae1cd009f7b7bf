// Reads the input as a user's polygons and checks what read_vector and user_polygons promise.
#pragma once

#include <cmath>

#include "geo_io/vector.hpp"
#include "target.hpp"
#include "world/user_polygons.hpp"

namespace placewright::fuzz {

inline void check_features(const geo_io::VectorTable& table) {
  require(!table.features.empty(), "a table has a feature");
  for (std::size_t i = 0; i < table.features.size(); ++i) {
    const auto& feature = table.features[i];
    require(feature.number == i + 1, "features are numbered in file order");
    require(feature.values.size() == table.columns.size(), "a feature has a value for every column");
    for (const auto& value : feature.values) require(is_utf8(value), "a value is UTF-8");
    for (const auto& polygon : feature.polygons) {
      require(polygon.exterior.size() >= 4, "a ring has four points or more");
      for (const auto& p : polygon.exterior) {
        require(std::abs(p.lon) <= 180.001 && std::abs(p.lat) <= 90.001, "a point is on the globe");
      }
    }
  }
}

inline void read_polygons(const std::filesystem::path& file) {
  const auto table = geo_io::read_vector(file, "");
  if (!good(table)) return;
  check_features(*table);
  static const std::vector<world::CountryInfo> kTable = {{*Iso::parse("DE"), "DEU", 276, "Germany", 80'000'000},
                                                         {*Iso::parse("FR"), "FRA", 250, "France", 60'000'000}};
  for (const bool skip : {false, true}) {
    const auto own = world::user_polygons(*table, kTable, {"", skip});
    if (!good(own)) continue;
    require(own->features.size() + own->left_out.size() == table->features.size(), "no feature is lost");
  }
}

}  // namespace placewright::fuzz
