// A user's population raster: refused when a run could not use it, copied as it is otherwise.
#pragma once

#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "geo/tile_set.hpp"
#include "world/countries.hpp"
#include "world/raster_sums.hpp"

namespace placewright::world {

// The header alone: PW_GEO for no GeoTIFF, REF_RAS_BANDS, REF_RAS_CRS, REF_RAS_ROTATED, REF_RAS_SOUTH_UP,
// REF_RAS_BOUNDS, REF_RAS_SIZE.
Result<void> check_user_raster(const std::filesystem::path& file);

struct UserRaster {
  geo::Grid grid;
  std::vector<geo::TileSet> tiles;  // along the countries
  RasterSums sums;
};

// Every cell. PW_GEO names the rows that cannot be read, REF_RAS_NEGATIVE row and column; REF_RAS_EMPTY;
// REF_RAS_OVERLAP when no country but those of `others` (sorted codes) has a tile.
Result<UserRaster> read_user_raster(const std::filesystem::path& file, const Countries& countries,
                                    const std::vector<std::string>& others, work::Pool& pool);

}  // namespace placewright::world
