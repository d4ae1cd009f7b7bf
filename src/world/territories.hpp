// Ground that polygons show without a country code: whose it is.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "world/country_info.hpp"
#include "world/topojson.hpp"

namespace placewright::world {

// By name of the feature; no code: it belongs to nobody and stays a hole.
using Territories = std::map<std::string, std::optional<Iso>>;

// Embedded features whose sovereign is not in dispute: Baikonur, Clipperton, the Coral Sea Islands, the United Nations
// buffer zone on Cyprus and the naval base at Guantanamo.
const Territories& plain_territories();

// A YAML map of feature name to alpha-2 code, or to none. REF_VEC_TERRITORY with the line for what is no code of the
// table.
Result<Territories> parse_territories(std::string_view text, const std::vector<CountryInfo>& table);

// Gives features without a code the code of their name. Returns name and code of those given.
std::map<std::string, std::string> give_territories(const Territories& territories,
                                                    const std::vector<CountryInfo>& table,
                                                    std::vector<Feature>& features);

// REF_VEC_TERRITORY when a name of the user's is none of `names`, those of the features without a code.
Result<void> check_names(const Territories& territories, const std::vector<std::string>& names);

}  // namespace placewright::world
