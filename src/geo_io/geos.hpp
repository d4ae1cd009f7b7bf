// What the project asks of GEOS: validity and unions. Private to this folder.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "geo/polygon.hpp"

namespace placewright::geo_io {

// Empty when valid; else GEOS's reason, e.g. "Self-intersection[1 1]".
std::string invalid_reason(const geo::MultiPolygon& polygons);

// Union of valid polygons; the error (PW_GEO) is GEOS's.
Result<geo::MultiPolygon> union_of(const geo::MultiPolygon& polygons);

}  // namespace placewright::geo_io
