// The polygons of a world: features joined to the ISO table by numeric code, gaps filled by stand-ins.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "geo/polygon.hpp"
#include "work/pool.hpp"
#include "world/country_info.hpp"
#include "world/topojson.hpp"

namespace placewright::world {

struct WorldCountry {
  Iso iso;
  std::string name;
  geo::MultiPolygon polygons;
  bool stand_in = false;  // drawn here, for a code that the source has no polygon of
};

struct Countries {
  std::vector<WorldCountry> rows;      // by code; one per row of the ISO table
  std::vector<std::string> left_out;   // names of features without a code of the table, sorted
  std::vector<std::string> stand_ins;  // codes filled
  std::vector<std::string> repaired;   // codes whose source polygons were invalid
};

// What stands in for a code without a polygon.
enum class StandIns {
  shapes,   // a small shape on its ground, cut out of the country that it lies in
  squares,  // the reference engine's squares, over sea and neighbours (spec upstream B.4)
};

// REF_VEC_COVERAGE when a code of the table has neither polygon nor stand-in, REF_VEC_INVALID from the repair.
Result<Countries> join_countries(const std::vector<CountryInfo>& table, const std::vector<Feature>& features,
                                 StandIns stand_ins, work::Pool& pool);

}  // namespace placewright::world
