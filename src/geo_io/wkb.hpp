// Well-known binary of polygon sets (OGC 06-103r4), read without trust.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "geo/polygon.hpp"

namespace placewright::geo_io {

// Polygon or MultiPolygon of either byte order; Z and M (ISO or extended codes) and an SRID are dropped. Empty parts
// are left out. Rings are closed and have at least four points. Anything else is PW_GEO that says which byte is wrong.
Result<geo::MultiPolygon> polygons_of_wkb(std::string_view wkb);

}  // namespace placewright::geo_io
