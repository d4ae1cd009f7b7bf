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
  bool reference_codes = false;      // also the dissolved codes AN and CS, as the reference engine has them
  unsigned threads = 0;
  bool quiet = false;
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
};

WorldResult world_build(const WorldBuildOptions& options);
// Re-hashes every file against its SHA256SUMS and re-checks the products; exit code 3 when found wanting.
WorldResult world_check(const std::string& folder, unsigned threads);
WorldResult world_show(const std::string& folder);

}  // namespace placewright
