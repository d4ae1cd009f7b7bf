// The settlement list: who counts, how far a place reaches, whose people are its own (docs/population.md).
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

namespace placewright::world {

struct Place {
  double lat = 0, lon = 0;
  double people = 0;     // as listed
  double own = 0;        // without the people of places inside it
  double radius_km = 0;  // of its exponential kernel
};

struct Settlements {
  std::map<Iso, std::vector<Place>> places;  // in rank order: people descending, then GeoNames id
  Json counts;                               // rows read and dropped, by reason
};

// CSV with the columns of data/world/settlements.csv.gz, in any order. PW_INPUT names a malformed row.
Result<Settlements> parse_settlements(std::string_view csv);

// 1.5 km at 100 000 people, growing with the 0.35th power, at least 0.4 km.
double place_radius_km(double people);

}  // namespace placewright::world
