// Overseas parts that Natural Earth draws as their parent's, though ISO 3166-1 gives them codes of their own.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "world/country_info.hpp"
#include "world/topojson.hpp"

namespace placewright::world {

// Polygons of a feature that lie in the box of an overseas part become a feature of the part's code; a parent keeps the
// rest, and a feature that is all parts is gone. Returns the code of each part that was found, with its parent's name.
// Features are those of the embedded polygons.
std::map<std::string, std::string> split_overseas(const std::vector<CountryInfo>& table,
                                                  std::vector<Feature>& features);

}  // namespace placewright::world
