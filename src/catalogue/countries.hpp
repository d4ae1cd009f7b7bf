// What the generator knows about countries.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/ids.hpp"

namespace placewright::catalogue {

struct Country {
  Iso iso;
  double area_km2 = 0;
  double people = 0;
  std::string_view continent;      // AF AS EU NA SA OC AN
  std::vector<std::size_t> neighbours;  // positions in the list
  bool south = false;              // all or nearly all of it lies south of the equator
  double income = 1;               // weight of a head in the number of merchants: 0.5 poor ... 5 rich
};

// The 241 countries and territories that exist, are inhabited and larger than 1 km², ascending by code.
const std::vector<Country>& inhabited_countries();

// Whole numbers that sum to `total` (or to the sum of `ceilings`, if that is less), in proportion to `weights`: quotas
// above a ceiling give way to the others, then largest remainder, ties to the earlier position. No ceilings: empty.
std::vector<std::int64_t> apportion(const std::vector<double>& weights, std::int64_t total,
                                    const std::vector<double>& ceilings = {});

}  // namespace placewright::catalogue
