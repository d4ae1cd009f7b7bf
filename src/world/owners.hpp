// Cells that lie in two countries: whose people stand there. A raster holds one figure per cell.
#pragma once

#include <cstdint>
#include <vector>

#include "geo/tile_set.hpp"

namespace placewright::world {

struct Lost {
  geo::Span cells;
  std::size_t owner;  // index of a country that ranks before; it may itself have lost some of them
};

struct Ownership {
  std::vector<geo::TileSet> owned;               // per country: its tiles without those lost
  std::vector<std::vector<Lost>> lost;           // per country
  std::vector<std::vector<std::size_t>> levels;  // a country's owners of lost cells stand in earlier levels
};

// Who goes first where two claim a cell.
enum class Standing : char {
  stand_in,  // drawn over its parent
  country,
  withdrawn,  // a code of the past: its ground and people are its successors'
};

// By standing, then the country with fewer tiles, then the smaller index.
Ownership assign_owners(const std::vector<geo::TileSet>& tiles, const std::vector<Standing>& standing);

}  // namespace placewright::world
