// Is a point in a country? Boundary included, holes' boundaries too (spec S5-S6 §4.6); exact on the stored doubles.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "geo/grid.hpp"
#include "geo/patch.hpp"
#include "geo/polygon.hpp"
#include "geo/tile_set.hpp"

namespace placewright::geo {

struct Meridians {
  double west = 0, east = 0;
};

// Index over one country's edges, built once; a test touches only the edges of the point's latitude band.
// Safe to use from many threads.
class CountryIndex {
 public:
  explicit CountryIndex(const MultiPolygon& country);
  ~CountryIndex();
  CountryIndex(CountryIndex&&) noexcept;
  CountryIndex& operator=(CountryIndex&&) noexcept;

  // True when the point lies in the closed polygon. Orientation is decided exactly (adaptive predicate, Shewchuk
  // 1997), so the answer equals that of exact arithmetic on the doubles given.
  bool covers(Point point) const;

  // True only when the whole closed box lies in the closed polygon, so that every point of it is covered. Exact but
  // for boxes that the boundary merely touches: those answer false.
  bool covers_box(const Box& box) const { return covered_around(box).has_value(); }
  // nullopt unless covers_box. Else: every box of the same latitudes strictly between these meridians is covered too.
  std::optional<Meridians> covered_around(const Box& box) const;
  // What covers() needs for points of this box, so that many tests of one tile cost tens of nanoseconds each.
  Patch patch(const Box& box) const;
  // True when box and polygon share area, however little. REQUIRES: valid polygons.
  bool overlaps_box(const Box& box) const;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

// Cells that the country's boundary touches or comes within a millionth of a pixel of. A tile of the country, by either
// predicate, that is not among them lies wholly inside: covers() is true for every point of its rectangle. On a rotated
// grid, whose rectangles are not its cells, all cells are listed.
TileSet boundary_cells(const Grid& grid, const MultiPolygon& country);

}  // namespace placewright::geo
