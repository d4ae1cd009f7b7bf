// What a world's records say of its products: paths, sources, methods, figures.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "world/build.hpp"
#include "world/countries.hpp"
#include "world/pack.hpp"
#include "world/people.hpp"
#include "world/settlements.hpp"
#include "world/sidecars.hpp"
#include "world/topojson.hpp"
#include "world/user_raster.hpp"

namespace placewright::world {

inline constexpr float kNoData = -99999.0F;  // of the modelled rasters

struct Sources {
  std::vector<CountryInfo> table;
  std::vector<Feature> features;
  Settlements settlements;                    // for the modelled population only
  std::vector<std::string> left_out;          // of a user's polygons: features without a code
  std::vector<std::string> kept;              // codes that a user's polygons do not show: they keep the pack's
  std::map<std::string, std::string> given;   // features without a code -> whose they are
  std::map<std::string, std::string> parted;  // overseas codes -> the feature they were cut from
};

// What the raster holds, country by country.
struct Described {
  Facts facts;
  Json qa;
};
Described describe_model(const Sources& sources, const Countries& countries, const geo::Grid& grid,
                         const Peopled& peopled);
Described describe_raster(const Countries& countries, const UserRaster& raster);

// Writes manifest.json, provenance.json, qa.json and SHA256SUMS beside every product, also those of `extras`, and
// for the world.
Result<void> describe(const fs::path& world, const Sources& sources, const Countries& countries,
                      const Described& people, const UserFiles& user, const std::vector<Product>& extras,
                      const Json& identity, const Pack& pack);

}  // namespace placewright::world
