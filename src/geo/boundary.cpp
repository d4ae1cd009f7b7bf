#include "geo/boundary.hpp"

#include <algorithm>
#include <cmath>

#include "geo/contains.hpp"
#include "geo/orientation.hpp"

namespace placewright::geo {
namespace {

// Far above the rounding of pixel coordinates, far below a pixel: every cell a segment can enter is visited.
constexpr double kSlack = 1e-6;

struct Range {
  std::uint32_t first, end;
};

Range cells_between(double low, double high, std::uint32_t count) {
  const auto clamped = [count](double v) {
    return static_cast<std::uint32_t>(std::clamp(v, 0.0, static_cast<double>(count)));
  };
  return {clamped(std::floor(low - kSlack)), clamped(std::floor(high + kSlack) + 1)};
}

// visit(row, column) for each cell of the window near the segment p-q, given in pixel coordinates.
template <class Visit>
void walk(const Window& window, Pixel p, Pixel q, const Visit& visit) {
  if (p.y > q.y) std::swap(p, q);
  const auto [left, right] = std::minmax(p.x, q.x);
  const auto rows = cells_between(p.y, q.y, window.rows);
  const double slope = q.y - p.y > kSlack ? (q.x - p.x) / (q.y - p.y) : 0;
  for (auto row = rows.first; row < rows.end; ++row) {
    double from = left, to = right;
    if (slope != 0) {
      // The part of the segment between the row's edges.
      const double x0 = p.x + (std::max(p.y, row - kSlack) - p.y) * slope;
      const double x1 = p.x + (std::min(q.y, row + 1 + kSlack) - p.y) * slope;
      from = std::max(left, std::min(x0, x1));
      to = std::min(right, std::max(x0, x1));
    }
    const auto columns = cells_between(from, to, window.columns);
    for (auto column = columns.first; column < columns.end; ++column) visit(window.row + row, window.column + column);
  }
}

template <class Keep>
void collect(const Grid& grid, const Window& window, const Ring& ring, std::vector<CellRun>& runs, const Keep& keep) {
  const PixelFrame frame(grid, window);
  for (std::size_t i = 1; i < ring.size(); ++i) {
    const Point p = ring[i - 1], q = ring[i];
    walk(window, frame(p), frame(q), [&](std::uint32_t row, std::uint32_t column) {
      const CellRun cell{row, column, column + 1};
      // Short edges stay in one cell for long.
      if (!(runs.empty() || runs.back() != cell)) return;
      if (keep(p, q, row, column)) runs.push_back(cell);
    });
  }
}

}  // namespace

void entered_cells(const Grid& grid, const Window& window, const Ring& ring, std::vector<CellRun>& runs) {
  collect(grid, window, ring, runs, [&](Point p, Point q, std::uint32_t row, std::uint32_t column) {
    return enters_open_box(p, q, cell_box(grid, row, column));
  });
}

void near_cells(const Grid& grid, const Window& window, const Ring& ring, std::vector<CellRun>& runs) {
  collect(grid, window, ring, runs, [](Point, Point, std::uint32_t, std::uint32_t) { return true; });
}

TileSet boundary_cells(const Grid& grid, const MultiPolygon& country) {
  std::vector<CellRun> runs;
  if (grid.rotated()) {
    for (std::uint32_t row = 0; row < grid.rows; ++row) runs.push_back({row, 0, grid.columns});
    return tile_set_of(grid, runs);
  }
  const Window whole{0, 0, grid.rows, grid.columns};
  for (const auto& polygon : country) {
    near_cells(grid, whole, polygon.exterior, runs);
    for (const auto& hole : polygon.holes) near_cells(grid, whole, hole, runs);
  }
  unite(runs);
  return tile_set_of(grid, runs);
}

}  // namespace placewright::geo
