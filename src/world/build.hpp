// Makes a world folder from the pack: what a run reads as an external root.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "report/log.hpp"
#include "work/pool.hpp"

namespace placewright::world {

// Paths inside a world, as the dataset dictionary has them (spec upstream B.1).
inline constexpr const char* kIsoPath = "reference/iso/iso3166_canonical/2024-12-31/iso3166.parquet";
inline constexpr const char* kCountriesPath = "reference/spatial/world_countries/2024/world_countries.parquet";
inline constexpr const char* kRasterPath = "reference/spatial/population/2025/population.tif";
inline constexpr const char* kRuralRasterPath = "reference/spatial/population_rural/2025/population_rural.tif";
inline constexpr const char* kRegionsPath = "reference/iso/iso_canonical/v2025-10-09/iso_canonical.csv";
inline constexpr const char* kLicencesPath = "licenses/license_map.yaml";
inline constexpr const char* kTimeZonesPath = "reference/spatial/tz_world/2025a/tz_world.parquet";

// Files that take the place of the pack's; empty: the pack's.
struct UserFiles {
  std::filesystem::path polygons;      // the world keeps the pack's for countries that are not in it
  std::filesystem::path population;    // copied as it is, in place of the modelled rasters
  std::filesystem::path country_info;  // as GeoNames lays it out
  std::filesystem::path territories;   // YAML: whose the features without a code are
  std::string layer;                   // of `polygons`, where the file has several
  std::string iso_field;               // column of `polygons`; empty: found by name
  bool skip_unusable = false;          // leave out features without a code of the ISO table or a geometry

  std::filesystem::path time_zones;  // polygons with a column tzid; the pack has none
  std::filesystem::path regions;     // region of each country
  std::filesystem::path licences;    // licence map, its texts beside it

  bool any() const {
    return !polygons.empty() || !population.empty() || !country_info.empty() || !time_zones.empty() ||
           !regions.empty() || !licences.empty() || !territories.empty();
  }
};

struct BuildOptions {
  std::filesystem::path out;             // made, or left as it is when it holds this very world
  std::filesystem::path pack;            // empty: the pack that comes with placewright
  std::uint32_t cells_per_degree = 120;  // 120: 30 arc seconds, 43,200 x 21,600
  // The reference engine's table: also the withdrawn codes AN and CS, overseas parts with their parents and squares in
  // their stead, no ground but that of features with a code.
  bool reference_codes = false;
  UserFiles user = {};
};

struct Facts {
  std::uint64_t countries = 0;
  std::uint64_t columns = 0, rows = 0;
  std::uint64_t tiles = 0;  // over all countries, centre in the polygon
  double people = 0;
  std::uint64_t bytes = 0;
  std::vector<std::string> licences;
  std::vector<std::string> without_tiles;  // codes smaller than a cell
};

struct BuildReport {
  std::filesystem::path folder;
  bool existed = false;  // an equal world was there and is intact
  Facts facts;
  std::vector<std::string> warnings;  // "REF_RAS_SUM: ..."; see warnings.hpp
};

// The same pack, options and library versions give the same bytes, whatever the number of threads. Built aside and
// renamed: a stopped build leaves no world. WORLD_TARGET when `out` holds something else; WORLD_PACK, PW_GEO and REF_*
// for faulty sources.
Result<BuildReport> build(const BuildOptions& options, work::Pool& pool, report::Log& log);

}  // namespace placewright::world
