// TopoJSON: polygons as rings of shared arcs, quantised and delta-coded (TopoJSON format specification 2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "geo/polygon.hpp"

namespace placewright::world {

struct Feature {
  std::optional<int> id;  // ISO 3166-1 numeric; absent on disputed ground
  std::string name;
  geo::MultiPolygon polygons;  // rings as stored: neither cut at the antimeridian nor checked
};

// Features of objects.<object>. Quantised and plain arcs, Polygon and MultiPolygon. PW_GEO names what is wrong.
Result<std::vector<Feature>> decode_topojson(const Json& topology, std::string_view object);

}  // namespace placewright::world
