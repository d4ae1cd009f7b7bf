// The three-way merge of S7: pure, block by block (spec S7-S9 §1.5).
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "geo/grid.hpp"
#include "geo/tile_set.hpp"
#include "states/s7_synthesis/rows.hpp"

namespace placewright::states::s7_synthesis {

// Row i of each table, from S5's row group on; a shorter table has ended.
struct Block {
  SiteRows s5, s6, catalogue;
};

// Finds the tiles of a country; empty when it has none.
using TilesOf = std::function<Result<const geo::TileSet*>(Iso)>;

struct Placed {
  std::vector<double> lon, lat;
  // Sites by country, in the order in which the countries first appear.
  std::vector<std::pair<Iso, std::uint64_t>> countries;
};

// Inside the rectangle, bounds included, with 1e-9 degrees added to the bounds; a tile with min_lon > max_lon crosses
// the antimeridian. NaN is outside.
bool inside(const geo::TileBounds& tile, double lon, double lat);

// nullopt unless every law of the merge holds within the block: keys equal in all three tables and rising, tiles equal
// and known, lineage of this run, points inside. Says nothing on the order against the block before.
Result<std::optional<Placed>> place(const Block& block, const geo::Grid& grid, const TilesOf& tiles_of);

// The first fault of a block, row by row, in the reference's order of checks. `previous` is the last key of the block
// before. PW_DEFECT when there is none.
Error first_fault(const Block& block, const std::optional<SiteKey>& previous, const geo::Grid& grid,
                  const TilesOf& tiles_of);

}  // namespace placewright::states::s7_synthesis
