// People per cell: settled around listed places, lit where night shows more, rural elsewhere (docs/population.md).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "geo/grid.hpp"
#include "geo/tile_set.hpp"
#include "world/lamps.hpp"
#include "world/settlements.hpp"

namespace placewright::world {

// What all countries of a world share.
struct Ground {
  geo::Grid grid;               // whole globe, north up
  std::vector<double> row_km2;  // area of a cell by raster row, quantised
  const LampReader& lamps;
  std::uint32_t block = 8;  // cells per side of the blocks of 4 arc minutes in which rural density is held
};
Ground make_ground(const geo::Grid& grid, const LampReader& lamps);
std::uint32_t blocks_across(const Ground& ground);  // of the whole grid
float rural_people(double per_km2, double km2);     // of a cell, rounded as all people are

// People per km2 who live scattered, by block of the grid; the same in all cells of a block.
struct RuralBlock {
  std::uint32_t block = 0;  // block row * blocks per row + block column
  float per_km2 = 0;
};

struct Spread {
  std::vector<RuralBlock> rural_blocks;    // ascending; blocks without scattered people are left out
  std::vector<float> people;               // by position in the tile set; empty when nobody lives there
  double total = 0;                        // their exact sum
  double settled = 0, lit = 0, rural = 0;  // as modelled
  std::uint64_t moved = 0;  // places without a cell of the country in reach: all their people in the nearest one
  double moved_people = 0;
  std::uint64_t far = 0;  // places more than 25 km and two cells from every cell of the country: left out
  double far_people = 0;  // theirs, as listed; the total is met by all other parts
};

// `total` people over `tiles`. Every value is a multiple of 2^-20 of at most 13 significant bits, save one cell per
// country that takes what rounding left over; the sum is `total` up to the last float bit of that cell. The result
// depends on nothing but the arguments: sums run in cell order, kernels in rank order.
Spread spread_people(const Ground& ground, const geo::TileSet& tiles, double total, std::span<const Place> places);

}  // namespace placewright::world
