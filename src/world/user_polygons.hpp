// A user's polygons as features of the ISO table: which column holds the country, which features are left out.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "geo_io/vector.hpp"
#include "world/country_info.hpp"
#include "world/territories.hpp"
#include "world/topojson.hpp"

namespace placewright::world {

struct UserPolygonOptions {
  std::string iso_field;         // empty: found by name
  bool skip_unusable = false;    // leave out features without a code of the table; otherwise REF_VEC_CODE
  Territories territories = {};  // codes of features without one, by name
};

struct UserPolygons {
  std::set<Iso> countries;                   // that have a feature
  std::vector<Feature> features;             // id: numeric code of the table
  std::vector<std::string> left_out;         // "feature 12: Kosovo", in file order
  std::vector<std::string> nameless;         // names of all features without a code in a column
  std::map<std::string, std::string> given;  // of these, those that the territories give
};

// Codes are alpha-2, alpha-3 or three digits, by their form; -99 and empty are none. The columns of a feature are tried
// in a fixed order until one holds a code of the table. REF_VEC_COLUMNS when the file has no such column, REF_VEC_CODE
// with feature and values, REF_VEC_INVALID without a geometry, REF_VEC_EMPTY when all were left out.
Result<UserPolygons> user_polygons(const geo_io::VectorTable& source, const std::vector<CountryInfo>& table,
                                   const UserPolygonOptions& options);

}  // namespace placewright::world
