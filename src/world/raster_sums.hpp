// People of a raster by country, in one pass over its rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "geo/tile_set.hpp"
#include "geo_io/countries.hpp"
#include "work/pool.hpp"

namespace placewright::world {

struct Cell {
  std::uint32_t row = 0, column = 0;
  double value = 0;
};

struct RasterSums {
  std::vector<double> people;  // along the tile sets
  double total = 0;            // each cell once
  std::uint64_t negative = 0;
  std::optional<Cell> first_negative;  // in row order
};

// Tiles whose centre lies in the country, along `shapes`.
Result<std::vector<geo::TileSet>> cover_all(const geo::Grid& grid, const std::vector<geo_io::CountryShape>& shapes,
                                            work::Pool& pool);

// nodata, NaN and infinities count as 0. The sums depend on the file only. Holds a few rows of blocks per thread.
Result<RasterSums> sum_raster(const std::filesystem::path& file, const std::vector<geo::TileSet>& tiles,
                              work::Pool& pool);

}  // namespace placewright::world
