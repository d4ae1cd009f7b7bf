#include "world/user_raster.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "geo/coverage.hpp"
#include "geo_io/raster.hpp"

namespace placewright::world {
namespace {

namespace fs = std::filesystem;

constexpr double kWest = -180.02, kEast = 180.02, kSlack = 1e-6;  // degrees
constexpr std::uint64_t kMostCells = std::uint64_t{1} << 37;
// A file of a few kilobytes may claim any number of cells; an honest one spends 16 bytes on a tile that it leaves out.
constexpr std::uint64_t kManyCells = std::uint64_t{1} << 32, kMostCellsPerByte = 100'000;
constexpr std::uint32_t kLongestSide = std::uint32_t{1} << 22;  // a row is read at once
constexpr std::int64_t kLargestBlock = std::int64_t{1} << 28;   // bytes; a block is decoded at once

Error fault(const char* code, const fs::path& file, const std::string& what) {
  return Error(code, file.string() + ": " + what).with("file", file.string());
}

Result<void> check_place(const geo::Grid& grid, const fs::path& file) {
  if (grid.rotated()) return fault("REF_RAS_ROTATED", file, "the grid is rotated");
  if (!(grid.a > 0) || !(grid.e < 0)) {
    return fault("REF_RAS_SOUTH_UP", file,
                 "a cell is " + double_text(grid.a) + " x " + double_text(grid.e) + " degrees; north up is + x -");
  }
  const double east = grid.c + grid.a * grid.columns, south = grid.f + grid.e * grid.rows;
  if (grid.c >= kWest && east <= kEast && grid.f <= 90 + kSlack && south >= -90 - kSlack) return {};
  return fault("REF_RAS_BOUNDS", file,
               "it reaches from " + double_text(grid.c) + " to " + double_text(east) + " east and from " +
                   double_text(south) + " to " + double_text(grid.f) + " north");
}

Result<void> check_size(const geo_io::RasterInfo& info, const fs::path& file) {
  const auto& grid = info.grid;
  const auto cells = std::uint64_t{grid.columns} * grid.rows;
  if (cells > kMostCells || std::max(grid.columns, grid.rows) > kLongestSide) {
    return fault("REF_RAS_SIZE", file, std::to_string(grid.columns) + " x " + std::to_string(grid.rows) + " cells");
  }
  std::error_code error;
  if (cells > kManyCells && cells / kMostCellsPerByte > fs::file_size(file, error)) {
    return fault("REF_RAS_SIZE", file, std::to_string(cells) + " cells in so small a file");
  }
  const auto block = std::int64_t{info.block_columns} * info.block_rows * info.bytes_per_value;
  if (block > kLargestBlock) return fault("REF_RAS_SIZE", file, "a block takes " + std::to_string(block) + " bytes");
  return {};
}

}  // namespace

Result<void> check_user_raster(const fs::path& file) {
  PW_TRY(const auto raster, geo_io::Raster::open(file));
  const auto& info = raster.info();
  if (info.bands != 1) return fault("REF_RAS_BANDS", file, "it has " + std::to_string(info.bands) + " bands");
  if (!info.wgs84) {
    return fault("REF_RAS_CRS", file,
                 info.crs.empty() ? "it does not say its coordinate system" : "its coordinate system is " + info.crs);
  }
  PW_CHECK(check_place(info.grid, file));
  return check_size(info, file);
}

Result<UserRaster> read_user_raster(const fs::path& file, const Countries& countries,
                                    const std::vector<std::string>& others, work::Pool& pool) {
  UserRaster out;
  PW_TRY(const auto raster, geo_io::Raster::open(file));
  out.grid = raster.info().grid;
  out.tiles.resize(countries.rows.size());
  PW_CHECK(work::for_each(pool, out.tiles.size(), [&](std::size_t i) -> Result<void> {
    out.tiles[i] = geo::cover(out.grid, countries.rows[i].polygons, geo::Predicate::center).tiles;
    return {};
  }));
  bool overlap = false;
  for (std::size_t i = 0; i < out.tiles.size(); ++i) {
    overlap = overlap || (!out.tiles[i].empty() && !std::ranges::binary_search(others, countries.rows[i].iso.text()));
  }
  if (!overlap) return fault("REF_RAS_OVERLAP", file, "no cell has its centre in one of the polygons");
  PW_TRY(out.sums, sum_raster(file, out.tiles, pool));
  if (out.sums.negative > 0) {
    const auto& cell = *out.sums.first_negative;
    return fault("REF_RAS_NEGATIVE", file,
                 "row " + std::to_string(cell.row) + ", column " + std::to_string(cell.column) + " (from 0) holds " +
                     double_text(cell.value) + "; " + std::to_string(out.sums.negative) + " such cells in all")
        .with("row", cell.row)
        .with("column", cell.column)
        .with("value", cell.value);
  }
  if (!(out.sums.total > 0)) return fault("REF_RAS_EMPTY", file, "the sum over all cells is 0");
  return out;
}

}  // namespace placewright::world
