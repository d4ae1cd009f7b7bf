// GeoTIFF through GDAL: a raster that check_user_raster accepts can be read, or says which rows cannot.
#include "geo_io/raster.hpp"

#include <algorithm>

#include "target.hpp"
#include "world/user_raster.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace placewright;
  const auto file = fuzz::file_with(fuzz::text_of(data, size), "people.tif");
  const auto checked = world::check_user_raster(file);
  auto raster = geo_io::Raster::open(file);
  if (!fuzz::good(checked) || !fuzz::good(raster)) return 0;
  const auto& grid = raster->info().grid;
  fuzz::require(grid.columns > 0 && grid.rows > 0 && grid.a > 0 && grid.e < 0, "an accepted grid is north up");
  // A window in the corner: a header of a few bytes may announce 2^40 cells.
  const auto rows = std::min<std::uint32_t>(grid.rows, 64), columns = std::min<std::uint32_t>(grid.columns, 64);
  const auto block = std::uint64_t(raster->info().block_rows) * std::uint64_t(raster->info().block_columns);
  if (block > 1U << 22) return 0;
  std::vector<double> values(std::size_t{rows} * columns);
  fuzz::good(raster->read(0, rows, 0, columns, std::span<double>(values)));
  fuzz::good(raster->read(grid.rows - rows, rows, grid.columns - columns, columns, std::span<double>(values)));
  return 0;
}
