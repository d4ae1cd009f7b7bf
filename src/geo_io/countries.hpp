// Country polygons from GeoParquet (columns country_iso, geom as WKB), as S1 and S6 read them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "geo/polygon.hpp"
#include "work/pool.hpp"

namespace placewright::geo_io {

struct CountryShape {
  geo::Country country;    // country_iso upper-cased; rows of one code unioned (GEOS)
  std::string problem;     // empty when valid; else "null_geometry", "empty_geometry" or GEOS's reason
};

// All codes in ascending order, also the invalid ones: the caller decides which matter and under which code.
// A missing column, a code that is not two letters, or undecodable WKB is PW_GEO. Rows are decoded and judged on the pool
// when there is one (not from a job of it).
Result<std::vector<CountryShape>> read_countries(const std::filesystem::path& file, work::Pool* pool = nullptr);

// WKB (little endian, 2-D) of a polygon set, a Polygon when it holds one, else a MultiPolygon.
std::string wkb_of(const geo::MultiPolygon& polygons);

}  // namespace placewright::geo_io
