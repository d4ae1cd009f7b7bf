// Polygons to runs of cells whose centre they hold: the law of spec S0-S1 §3.6.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "geo/tile_set.hpp"
#include "geo/window.hpp"

namespace placewright::geo {

struct CellRun {
  std::uint32_t row, first, end;  // columns [first, end) of the grid
  friend auto operator<=>(const CellRun&, const CellRun&) = default;
};

// Appends the cells of one polygon, given as its rings, to `runs`, clipped to the frame's window. Runs may overlap.
void fill(const PixelFrame& frame, std::span<const Ring* const> rings, std::vector<CellRun>& runs);

// Sorts runs and merges those that overlap or touch.
void unite(std::vector<CellRun>& runs);
// REQUIRES: united.
std::uint64_t cells_in(std::span<const CellRun> runs);
TileSet tile_set_of(const Grid& grid, std::span<const CellRun> runs);

}  // namespace placewright::geo
