#include "states/s1_tiles/cells.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/text.hpp"
#include "geo/area.hpp"

namespace placewright::states::s1_tiles {
namespace {

bool in_range(double value, double limit) { return value >= -limit && value <= limit; }

bool longitudes_in_range(const geo::TileBounds& b) {
  return in_range(b.min_lon, 180) && in_range(b.max_lon, 180) && in_range(b.centroid_lon, 180);
}
bool latitudes_in_range(const geo::TileBounds& b) {
  return in_range(b.min_lat, 90) && in_range(b.max_lat, 90) && in_range(b.centroid_lat, 90);
}

// Most of a square kilometre lies far above the error of an area, so that geodesics need not be asked.
bool surely_has_area(const geo::Grid& grid, const geo::TileBounds& b) {
  constexpr double kRadian = 3.14159265358979 / 180, kLeastRadius = 6.35e6;
  if (!latitudes_in_range(b) || std::abs(grid.a) > 1 || std::abs(grid.e) > 1) return false;
  const double height = (b.max_lat - b.min_lat) * kRadian * kLeastRadius;
  const auto width_at = [&](double lat) { return std::abs(grid.a) * kRadian * kLeastRadius * std::cos(lat * kRadian); };
  // At least half the rectangle of the longer parallel.
  return height * std::max(width_at(b.min_lat), width_at(b.max_lat)) / 2 > 1000;
}

std::string place_of(const geo::Grid& grid, TileId tile) {
  const auto b = geo::tile_bounds(grid, grid.row_of(tile), grid.column_of(tile));
  return "tile " + std::to_string(tile) + " (longitude " + double_text(b.min_lon) + " to " + double_text(b.max_lon) +
         ", latitude " + double_text(b.min_lat) + " to " + double_text(b.max_lat) + ")";
}

std::optional<TileId> first_out_of_range(const Cells& cells, const geo::TileSet& tiles) {
  const auto& grid = cells.grid;
  for (const auto& span : tiles.spans()) {
    const auto row = grid.row_of(span.first), column = grid.column_of(span.first);
    if (!grid.rotated() && cells.row_fits[row] &&
        cells.misfits_before[column] == cells.misfits_before[column + span.length])
      continue;
    for (std::uint32_t i = 0; i < span.length; ++i) {
      const auto b = geo::tile_bounds(grid, row, column + i);
      if (!longitudes_in_range(b) || !latitudes_in_range(b)) return span.first + i;
    }
  }
  return std::nullopt;
}

std::optional<TileId> first_without_area(const Cells& cells, const geo::TileSet& tiles) {
  const auto& grid = cells.grid;
  for (const auto& span : tiles.spans()) {
    const auto row = grid.row_of(span.first);
    if (!grid.rotated()) {
      if (cells.row_has_area[row] == 0 && geo::cell_area(grid, row, 0) <= 0) return span.first;
      continue;
    }
    for (std::uint32_t i = 0; i < span.length; ++i) {
      if (geo::cell_area(grid, row, grid.column_of(span.first) + i) <= 0) return span.first + i;
    }
  }
  return std::nullopt;
}

}  // namespace

Cells::Cells(const geo::Grid& of) : grid(of) {
  if (grid.rotated()) return;
  for (std::uint32_t row = 0; row < grid.rows; ++row) {
    const auto b = geo::tile_bounds(grid, row, 0);
    row_fits.push_back(latitudes_in_range(b));
    row_has_area.push_back(surely_has_area(grid, b));
  }
  misfits_before.push_back(0);
  for (std::uint32_t column = 0; column < grid.columns; ++column) {
    const auto b = geo::tile_bounds(grid, 0, column);
    misfits_before.push_back(misfits_before.back() + (longitudes_in_range(b) ? 0 : 1));
  }
}

Result<void> check_tiles(const Cells& cells, Iso country, const geo::Coverage& coverage) {
  const auto failure = [&](const char* code, const std::string& message, const char* detail) {
    return Error(code, message).with("country_iso", country).with("detail", detail);
  };
  if (coverage.tiles_twice > 0) {
    return failure(
        "E003_DUP_TILE",
        country.text() + " holds " + std::to_string(coverage.tiles_twice) +
            " tiles twice: it is wider than 180 degrees and has polygons on both sides of longitude 0 in one cell",
        "duplicate_tile_id");
  }
  if (const auto tile = first_out_of_range(cells, coverage.tiles)) {
    return failure("E004_BOUNDS", place_of(cells.grid, *tile) + " of " + country.text() + " lies outside the globe",
                   "coordinate_out_of_bounds");
  }
  if (const auto tile = first_without_area(cells, coverage.tiles)) {
    return failure("E006_AREA_NONPOS", place_of(cells.grid, *tile) + " of " + country.text() + " has no area",
                   "pixel_area_nonpos");
  }
  return {};
}

}  // namespace placewright::states::s1_tiles
