#include "world/raster_file.hpp"

#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace placewright::world {
namespace {

Error gdal_error(const std::filesystem::path& file) {
  return Error("PW_IO", "cannot write " + file.string() + ": " + CPLGetLastErrorMsg());
}

// Of ten codecs tried on this raster, ZSTD without predictor is read fastest (docs/population.md).
CPLStringList creation_options(unsigned threads) {
  CPLStringList options;
  options.SetNameValue("TILED", "YES");
  options.SetNameValue("BLOCKXSIZE", std::to_string(kTileSide).c_str());
  options.SetNameValue("BLOCKYSIZE", std::to_string(kTileSide).c_str());
  options.SetNameValue("COMPRESS", "ZSTD");
  options.SetNameValue("ZSTD_LEVEL", "3");
  options.SetNameValue("SPARSE_OK", "TRUE");
  options.SetNameValue("BIGTIFF", "IF_SAFER");
  options.SetNameValue("NUM_THREADS", std::to_string(threads).c_str());
  return options;
}

Result<void> describe(GDALDataset& raster, const geo::Grid& grid, const std::filesystem::path& file) {
  std::array<double, 6> transform = {grid.c, grid.a, grid.b, grid.f, grid.d, grid.e};
  OGRSpatialReference wgs84;
  wgs84.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  if (wgs84.SetWellKnownGeogCS("WGS84") != OGRERR_NONE || raster.SetGeoTransform(transform.data()) != CE_None ||
      raster.SetSpatialRef(&wgs84) != CE_None || raster.GetRasterBand(1)->SetNoDataValue(kNoData) != CE_None) {
    return gdal_error(file);
  }
  return {};
}

// Writes the tiles of one row of tiles. Tile by tile, past GDAL's block cache, which would grow to a share of the machine.
bool write_tiles(GDALRasterBand& band, const geo::Grid& grid, std::uint32_t first, std::uint32_t rows, std::span<const float> values,
                 std::vector<float>& tile) {
  const auto across = (grid.columns + kTileSide - 1) / kTileSide;
  for (std::uint32_t t = 0; t < across; ++t) {
    tile.assign(std::size_t{kTileSide} * kTileSide, kNoData);
    const auto column = t * kTileSide, width = std::min(kTileSide, grid.columns - column);
    for (std::uint32_t r = 0; r < rows; ++r) {
      std::copy_n(values.data() + std::size_t{r} * grid.columns + column, width, tile.data() + std::size_t{r} * kTileSide);
    }
    if (band.WriteBlock(static_cast<int>(t), static_cast<int>(first / kTileSide), tile.data()) != CE_None) return false;
  }
  return true;
}

}  // namespace

Result<void> write_raster(const std::filesystem::path& file, const geo::Grid& grid, unsigned threads, const FillRows& fill) {
  GDALAllRegister();
  auto* driver = GetGDALDriverManager()->GetDriverByName("GTiff");
  if (driver == nullptr) return Error("PW_GEO", "this GDAL cannot write GeoTIFF");
  const int columns = static_cast<int>(grid.columns), rows = static_cast<int>(grid.rows);
  GDALDatasetUniquePtr raster(driver->Create(file.c_str(), columns, rows, 1, GDT_Float32, creation_options(threads).List()));
  if (!raster) return gdal_error(file);
  PW_CHECK(describe(*raster, grid, file));
  std::vector<float> values, tile;
  for (std::uint32_t first = 0; first < grid.rows; first += kTileSide) {
    const auto count = std::min(kTileSide, grid.rows - first);
    values.assign(std::size_t{count} * grid.columns, kNoData);
    fill(first, count, values);
    if (!write_tiles(*raster->GetRasterBand(1), grid, first, count, values, tile)) return gdal_error(file);
  }
  CPLErrorReset();
  raster.reset();
  if (CPLGetLastErrorType() >= CE_Failure) return gdal_error(file);
  return {};
}

}  // namespace placewright::world
