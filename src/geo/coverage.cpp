#include "geo/coverage.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "geo/boundary.hpp"
#include "geo/contains.hpp"
#include "geo/scanline.hpp"
#include "geo/window.hpp"

namespace placewright::geo {
namespace {

using Polygons = std::vector<const Polygon*>;
using Rings = std::vector<const Ring*>;

// Where the seam cut lies: just west of 180 degrees.
constexpr double kSeam = 180.0 - 1e-9;

Rings rings_of(const Polygon& polygon) {
  Rings rings = {&polygon.exterior};
  for (const auto& hole : polygon.holes) rings.push_back(&hole);
  return rings;
}

// ---- windows

std::optional<Window> window_of(const Grid& grid, const Polygons& polygons) {
  WindowBuilder builder(grid);
  for (const auto* polygon : polygons) {
    for (const auto& p : polygon->exterior) builder.add(p);
  }
  return builder.window();
}

void add_box(WindowBuilder& builder, const Box& box) {
  for (const double lon : {box.min_lon, box.max_lon}) {
    for (const double lat : {box.min_lat, box.max_lat}) builder.add({lon, lat});
  }
}

// The latitudes at which a ring reaches the seam cut from the west, as a sliver beyond it.
void add_seam_sliver(WindowBuilder& east, const Ring& ring) {
  for (std::size_t i = 1; i < ring.size(); ++i) {
    const auto [west, far] = std::minmax(ring[i - 1], ring[i], [](Point p, Point q) { return p.lon < q.lon; });
    if (far.lon < kSeam) continue;
    const double lat =
        west.lon >= kSeam ? west.lat : west.lat + (far.lat - west.lat) * ((kSeam - west.lon) / (far.lon - west.lon));
    for (const Point p : {far, Point{kSeam, lat}}) {
      east.add({-180.0, p.lat});
      east.add({kSeam - 360.0, p.lat});
    }
  }
}

// A country on both sides of the antimeridian, as the reference divides it: what lies from 0 to the seam, and what
// lies beyond. A polygon across longitude 0 counts in both windows and is filled in one piece.
struct Halves {
  Polygons west, east, across;
  std::optional<Window> west_window, east_window;
};

Halves halves_of(const Grid& grid, const MultiPolygon& country) {
  Halves halves;
  WindowBuilder west(grid), east(grid);
  for (const auto& polygon : country) {
    const auto box = bounds({polygon});
    const bool any_west = box.max_lon >= 0, any_east = box.min_lon < 0;
    (any_west && any_east ? halves.across : any_west ? halves.west : halves.east).push_back(&polygon);
    if (any_west && box.min_lon < kSeam) {
      add_box(west, {std::max(box.min_lon, 0.0), box.min_lat, std::min(box.max_lon, kSeam), box.max_lat});
    }
    if (any_east) add_box(east, {box.min_lon, box.min_lat, std::min(box.max_lon, 0.0), box.max_lat});
    if (any_west) add_seam_sliver(east, polygon.exterior);
  }
  halves.west_window = west.window();
  halves.east_window = east.window();
  return halves;
}

// ---- cells

// Cells of one part. `solid`: of its exteriors without holes. `holes`: of its holes as solids (center only).
struct Cells {
  std::vector<CellRun> included, solid, holes;
};

Cells by_centre(const PixelFrame& frame, const Polygons& polygons) {
  Cells cells;
  const bool holes = std::ranges::any_of(polygons, [](const auto* polygon) { return !polygon->holes.empty(); });
  for (const auto* polygon : polygons) {
    const auto before = static_cast<std::ptrdiff_t>(cells.solid.size());
    fill(frame, Rings{&polygon->exterior}, cells.solid);
    if (holes && polygon->holes.empty()) {
      cells.included.insert(cells.included.end(), cells.solid.begin() + before, cells.solid.end());
    } else if (holes) {
      fill(frame, rings_of(*polygon), cells.included);
    }
    for (const auto& hole : polygon->holes) fill(frame, Rings{&hole}, cells.holes);
  }
  unite(cells.solid);
  unite(cells.holes);
  if (holes)
    unite(cells.included);
  else
    cells.included = cells.solid;
  return cells;
}

void unite_all(Cells& cells) {
  for (auto* runs : {&cells.included, &cells.solid, &cells.holes}) unite(*runs);
}

// A cell shares area with a polygon iff the boundary runs through its inside or, where it does not, iff its centre
// lies in the polygon; so the centre law plus the entered cells is the whole answer.
Cells by_overlap(const Grid& grid, const PixelFrame& frame, const Polygons& polygons) {
  auto cells = by_centre(frame, polygons);
  for (const auto* polygon : polygons) {
    std::vector<CellRun> outline;
    entered_cells(grid, frame.window(), polygon->exterior, outline);
    cells.included.insert(cells.included.end(), outline.begin(), outline.end());
    cells.solid.insert(cells.solid.end(), outline.begin(), outline.end());
    for (const auto& hole : polygon->holes) entered_cells(grid, frame.window(), hole, cells.included);
  }
  return cells;
}

void keep_overlapping(const Grid& grid, const MultiPolygon& shape, std::vector<CellRun>& runs) {
  const CountryIndex index(shape);
  unite(runs);
  std::vector<CellRun> kept;
  for (const auto& run : runs) {
    for (auto column = run.first; column < run.end; ++column) {
      if (index.overlaps_box(cell_box(grid, run.row, column))) kept.push_back({run.row, column, column + 1});
    }
  }
  runs = std::move(kept);
}

// The rectangles of a rotated grid are not its pixels, so each candidate is tested by itself.
Cells by_overlap_rotated(const Grid& grid, const PixelFrame& frame, const Polygons& polygons) {
  auto cells = by_centre(frame, polygons);
  MultiPolygon shape, solid;
  for (const auto* polygon : polygons) {
    for (const auto* ring : rings_of(*polygon)) near_cells(grid, frame.window(), *ring, cells.solid);
    shape.push_back(*polygon);
    solid.push_back({polygon->exterior, {}});
  }
  cells.included = cells.solid;
  keep_overlapping(grid, shape, cells.included);
  keep_overlapping(grid, solid, cells.solid);
  return cells;
}

Cells cells_of(const Grid& grid, const Polygons& polygons, const std::optional<Window>& window, Predicate predicate) {
  if (!window) return {};
  const PixelFrame frame(grid, *window);
  if (predicate == Predicate::center) return by_centre(frame, polygons);
  auto cells = grid.rotated() ? by_overlap_rotated(grid, frame, polygons) : by_overlap(grid, frame, polygons);
  unite_all(cells);
  return cells;
}

constexpr std::array<std::string_view, 3> kPredicates = {"center", "any_overlap", "center_or_overlap"};

// ---- results

void append(std::vector<CellRun>& all, const std::vector<CellRun>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

Cells joined(const std::vector<Cells>& parts) {
  Cells all;
  for (const auto& part : parts) {
    append(all.included, part.included);
    append(all.solid, part.solid);
    append(all.holes, part.holes);
  }
  unite_all(all);
  return all;
}

// REQUIRES: the cells of each part are united.
Coverage assembled(const Grid& grid, Predicate predicate, std::uint64_t visited, std::vector<Cells> parts) {
  const auto all = parts.size() == 1 ? std::move(parts.front()) : joined(parts);
  const auto included = cells_in(all.included), solid = cells_in(all.solid);
  Coverage out;
  out.rule = predicate;
  out.cells_visited = visited;
  out.cells_excluded_outside = visited - std::min(visited, solid);
  out.cells_excluded_hole = predicate == Predicate::center ? cells_in(all.holes) : solid - included;
  out.tiles = tile_set_of(grid, all.included);
  return out;
}

std::uint64_t shared_cells(const Cells& a, const Cells& b) {
  auto both = a.included;
  append(both, b.included);
  unite(both);
  return cells_in(a.included) + cells_in(b.included) - cells_in(both);
}

}  // namespace

std::string_view name_of(Predicate predicate) { return kPredicates[static_cast<std::size_t>(predicate)]; }

std::optional<Predicate> predicate_named(std::string_view name) {
  const auto found = std::ranges::find(kPredicates, name);
  if (found == kPredicates.end()) return std::nullopt;
  return static_cast<Predicate>(found - kPredicates.begin());
}

Coverage cover(const Grid& grid, const MultiPolygon& country, Predicate predicate) {
  if (country.empty()) return {};
  if (predicate == Predicate::center_or_overlap) {
    auto out = cover(grid, country, Predicate::center);
    return out.tiles.empty() ? cover(grid, country, Predicate::any_overlap) : out;
  }
  const auto box = bounds(country);
  if (!(box.max_lon - box.min_lon > 180)) {
    Polygons polygons;
    for (const auto& polygon : country) polygons.push_back(&polygon);
    const auto window = window_of(grid, polygons);
    return assembled(grid, predicate, window ? window->cells() : 0, {cells_of(grid, polygons, window, predicate)});
  }
  const auto halves = halves_of(grid, country);
  std::vector<Cells> parts;
  for (const auto* polygons : {&halves.west, &halves.east, &halves.across}) {
    parts.push_back(cells_of(grid, *polygons, window_of(grid, *polygons), predicate));
  }
  const auto twice = shared_cells(parts[0], parts[1]);
  const auto visited =
      (halves.west_window ? halves.west_window->cells() : 0) + (halves.east_window ? halves.east_window->cells() : 0);
  auto out = assembled(grid, predicate, visited, std::move(parts));
  out.tiles_twice = twice;
  return out;
}

}  // namespace placewright::geo
