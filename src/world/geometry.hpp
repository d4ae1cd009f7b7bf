// Rings as a source has them -> valid polygons inside [-180, 180]: unwrapped, closed over the pole, cut at the
// antimeridian, repaired. GEOS does the geometry.
#pragma once

#include <string>

#include "base/result.hpp"
#include "geo/polygon.hpp"

namespace placewright::world {

// A ring may step from +180 to -180: it is followed across, so longitudes leave [-180, 180]. A ring that ends one turn
// from where it began goes round a pole and is closed over it.
geo::Ring unwrap(const geo::Ring& ring);

struct Repaired {
  geo::MultiPolygon polygons;  // valid, disjoint, without pieces of no area; empty when nothing was left
  bool was_valid = true;       // before repair, after the cut
};

// REF_VEC_INVALID with GEOS's reason when neither make-valid nor buffer(0) helps.
Result<Repaired> make_valid_polygons(const geo::MultiPolygon& source);

// `from` without the ground of `piece`; as it is, vertices and all, where they share none. REQUIRES: valid polygons.
Result<geo::MultiPolygon> subtract(const geo::MultiPolygon& from, const geo::MultiPolygon& piece);

// Area in square degrees.
double planar_area(const geo::MultiPolygon& polygons);

}  // namespace placewright::world
