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
// buffer zone on Cyprus and the naval base at Guantanamo; and Crimea, which Natural Earth draws as Russia's.
const Territories& plain_territories();

// A user's file.
struct UserTerritories {
  Territories countries;
  std::map<std::string, std::size_t> lines;  // where a name stands
};

// A YAML map of feature name to alpha-2 code, or to none. REF_VEC_TERRITORY with the line for what is no code of the
// table and for a name that stands there twice.
Result<UserTerritories> parse_territories(std::string_view text, const std::vector<CountryInfo>& table);

// Gives features without a code the code of their name. Returns name and code of those given.
std::map<std::string, std::string> give_territories(const Territories& territories,
                                                    const std::vector<CountryInfo>& table,
                                                    std::vector<Feature>& features);

// REF_VEC_TERRITORY with the line when a name of the user's is none of `names`, those of the features without a code.
Result<void> check_names(const UserTerritories& territories, const std::vector<std::string>& names);

}  // namespace placewright::world
