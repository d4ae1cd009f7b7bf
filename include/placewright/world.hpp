// Reference data: country polygons, ISO table, population raster, regions, licences, laid out as a run expects them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "placewright/status.hpp"

namespace placewright {

struct WorldBuildOptions {
  std::string out;                   // folder to make; an equal world there already is left as it is
  std::string pack;                  // source files; empty: the pack that comes with placewright
  std::uint32_t cells_per_degree = 120;  // 120: 30 arc seconds, 43,200 x 21,600
  // The reference engine's table of countries: also AN and CS, overseas parts with their parents and squares in their stead.
  bool reference_codes = false;
  std::string territories;  // YAML map of features without a code to alpha-2 codes, or to none
  unsigned threads = 0;
  bool quiet = false;
};

// A world of the user's own files; what is empty is taken from the embedded pack.
struct WorldImportOptions {
  WorldBuildOptions build;
  std::string polygons;       // .shp, .zip, .geojson, .gpkg, .topojson, .parquet; countries that are not in it keep the embedded ones
  std::string population;     // GeoTIFF of people per cell, WGS84, north up; copied as it is
  std::string country_info;   // ISO table as GeoNames' countryInfo.txt
  std::string layer;          // of `polygons`, where the file has several
  std::string iso_field;      // column with the country code; empty: found by name
  std::string time_zones;     // polygons with a column tzid, any of the formats above; the embedded world has none
  std::string regions;        // country codes with regions: CSV, or countryInfo.txt
  std::string licences;       // license_map.yaml, its texts beside it
  bool skip_unusable = false;  // leave out features without a code of the ISO table or a geometry
};

struct WorldFacts {
  std::string folder;
  std::uint64_t countries = 0;
  std::uint64_t columns = 0, rows = 0;
  double people = 0;
  std::uint64_t bytes = 0;
  std::vector<std::string> licences;
  std::vector<std::string> without_tiles;  // codes smaller than a cell
};

struct WorldResult {
  Status status;
  WorldFacts facts;
  std::vector<std::string> findings;  // of world_check
  std::vector<std::string> warnings;  // "REF_RAS_SUM: ...": doubtful, not wrong
};

WorldResult world_build(const WorldBuildOptions& options);
WorldResult world_import(const WorldImportOptions& options);
// Re-hashes every file against its SHA256SUMS and re-checks the products; exit code 3 when found wanting.
WorldResult world_check(const std::string& folder, unsigned threads);
WorldResult world_show(const std::string& folder);

}  // namespace placewright
