// The polygons of a world: features joined to the ISO table by numeric code, gaps filled by labelled squares.
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
  bool square = false;  // a stand-in for a code that the source has no polygon of (spec upstream B.4)
};

struct Countries {
  std::vector<WorldCountry> rows;     // by code; one per row of the ISO table
  std::vector<std::string> left_out;  // names of features without a code of the table, sorted
  std::vector<std::string> squares;   // codes filled
  std::vector<std::string> repaired;  // codes whose source polygons were invalid
};

// `carve`: a square is cut out of the country it lies in, so that no ground has two owners.
// REF_VEC_COVERAGE when a code of the table has neither polygon nor square, REF_VEC_INVALID from the repair.
Result<Countries> join_countries(const std::vector<CountryInfo>& table, const std::vector<Feature>& features,
                                 bool carve, work::Pool& pool);

}  // namespace placewright::world
