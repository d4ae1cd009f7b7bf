// Overseas parts that sources draw as their parent's, though ISO 3166-1 gives them codes of their own.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "world/country_info.hpp"
#include "world/topojson.hpp"

namespace placewright::world {

// Polygons that lie in the box of an overseas part, of the parent or of a feature without a code, become a feature of
// the part's code; a parent keeps the rest, and a feature that is all parts is gone. A code that a feature carries
// already gets nothing: its source draws it apart. Crimea becomes a feature without a code, so that a user can give it.
// Returns the code of each part that was found, with the name of the feature it was cut from.
std::map<std::string, std::string> split_overseas(const std::vector<CountryInfo>& table,
                                                  std::vector<Feature>& features);

}  // namespace placewright::world
