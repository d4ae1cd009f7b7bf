// The tiles of every country with what their mass needs: area from rows or grid, people from the raster.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "geo/grid.hpp"
#include "geo/tile_set.hpp"
#include "states/context.hpp"
#include "states/s2_weights/mass.hpp"

namespace placewright::states::s2_weights {

struct Country {
  Iso iso;
  geo::TileSet tiles;
  Components components;  // without people yet
  std::uint64_t bytes_read = 0;
};

struct Universe {
  geo::Grid grid;
  std::vector<Country> countries;  // ascending
  std::uint64_t bytes_per_value = 0;  // of the raster; 0 while it is not needed
};

// The tiles are published in some form, else E101_TILE_INDEX_MISSING.
Result<void> check_published(const store::RunFolder& run);

// Countries of the published tiles, in either form, each checked against the ISO table (spec §1.5):
// E101_TILE_INDEX_MISSING, E103_ZERO_COUNTRY, E108_WRITER_HYGIENE. `area`: fill in areas, else 1.0 a tile.
Result<Universe> read_universe(Context& context, const std::vector<Iso>& iso_codes, bool area);

// Adds the people of every tile. The raster is decoded once, by strips of whole blocks, on the pool.
Result<void> add_people(Context& context, Universe& universe);

}  // namespace placewright::states::s2_weights
