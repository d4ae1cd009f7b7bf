// Which cells belong to a country: the exact laws of spec S0-S1 §3.5 to §3.7 and §3.9.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "geo/grid.hpp"
#include "geo/polygon.hpp"
#include "geo/tile_set.hpp"

namespace placewright::geo {

enum class Predicate {
  center,             // the cell's centre lies in the country
  any_overlap,        // the cell shares area with the country, however little
  center_or_overlap,  // center; any_overlap for a country that holds no centre
};
std::string_view name_of(Predicate predicate);
std::optional<Predicate> predicate_named(std::string_view name);

struct Coverage {
  TileSet tiles;
  std::uint64_t cells_visited = 0;
  std::uint64_t cells_excluded_outside = 0;
  std::uint64_t cells_excluded_hole = 0;
  // Tiles that polygons on both sides of longitude 0 share, in a country wider than 180 degrees. The reference lists
  // them twice and stops; `tiles` lists them once.
  std::uint64_t tiles_twice = 0;
  Predicate rule = Predicate::center;  // the one that decided: center or any_overlap
};

// Tiles of one country. Raw coordinates are filled by scanline, also for countries on both sides of the antimeridian
// (spec §3.5); the counters follow the reference's two windows. any_overlap is decided exactly: a cell belongs when it
// shares area with the country, however little.
// REQUIRES: valid polygons.
Coverage cover(const Grid& grid, const MultiPolygon& country, Predicate predicate);

}  // namespace placewright::geo
