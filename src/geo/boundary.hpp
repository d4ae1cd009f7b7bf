// Cells that a ring runs through.
#pragma once

#include <vector>

#include "geo/scanline.hpp"

namespace placewright::geo {

// Appends the cells of the window whose open rectangle the ring enters: exactly those that share positive area with
// the polygon's inside *and* are not wholly inside. REQUIRES: the grid is not rotated.
void entered_cells(const Grid& grid, const Window& window, const Ring& ring, std::vector<CellRun>& runs);

// Appends a superset: cells that the ring comes within a millionth of a pixel of. Any grid.
void near_cells(const Grid& grid, const Window& window, const Ring& ring, std::vector<CellRun>& runs);

}  // namespace placewright::geo
