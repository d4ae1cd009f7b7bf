#include "geo_io/raster.hpp"

#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <optional>
#include <vector>

#include "geo_io/gdal_border.hpp"

namespace placewright::geo_io {
namespace {

namespace fs = std::filesystem;

Error raster_error(const fs::path& file, const std::string& what) {
  return Error("PW_GEO", file.string() + ": " + what).with("file", file.string());
}

// GDAL's block cache is one for the process. A window that does not end at a tile's edge needs its tiles again for the
// next window, and a cache below a row of tiles would decode each of them several times: two rows for every open
// raster.
class CacheShare {
 public:
  explicit CacheShare(std::int64_t bytes) : bytes_(bytes) { add(bytes_); }
  ~CacheShare() { add(-bytes_); }
  CacheShare(const CacheShare&) = delete;
  CacheShare& operator=(const CacheShare&) = delete;

 private:
  static void add(std::int64_t bytes) {
    static std::mutex mutex;
    static std::int64_t wanted = 0;
    constexpr std::int64_t kLeast = 16 << 20;
    std::lock_guard lock(mutex);
    wanted += bytes;
    GDALSetCacheMax64(std::max(kLeast, wanted));
  }
  std::int64_t bytes_;
};

std::string crs_name(const OGRSpatialReference& crs) {
  const char* authority = crs.GetAuthorityName(nullptr);
  const char* code = crs.GetAuthorityCode(nullptr);
  if (authority != nullptr && code != nullptr) return std::string(authority) + ":" + code;
  const char* name = crs.GetName();
  return name != nullptr && *name != '\0' ? name : "unnamed";
}

// GDAL tells that of 64-bit bands by functions of their own only.
std::optional<double> nodata_of(GDALRasterBand& band) {
  int present = 0;
  double nodata = 0;
  if (band.GetRasterDataType() == GDT_UInt64)
    nodata = static_cast<double>(band.GetNoDataValueAsUInt64(&present));
  else if (band.GetRasterDataType() == GDT_Int64)
    nodata = static_cast<double>(band.GetNoDataValueAsInt64(&present));
  else
    nodata = band.GetNoDataValue(&present);
  return present != 0 ? std::optional(nodata) : std::nullopt;
}

Result<RasterInfo> read_info(GDALDataset& dataset, const fs::path& file) {
  RasterInfo info;
  info.bands = dataset.GetRasterCount();
  if (info.bands < 1) return raster_error(file, "the raster has no band");
  std::array<double, 6> transform{};
  if (dataset.GetGeoTransform(transform.data()) != CE_None)
    return raster_error(file, "the raster does not say where it lies");
  for (const double term : transform) {
    if (!std::isfinite(term)) return raster_error(file, "the raster's transform is not finite");
  }
  info.grid = {static_cast<std::uint32_t>(dataset.GetRasterXSize()),
               static_cast<std::uint32_t>(dataset.GetRasterYSize()),
               transform[1],
               transform[2],
               transform[0],
               transform[4],
               transform[5],
               transform[3]};
  auto* band = dataset.GetRasterBand(1);
  info.value_type = GDALGetDataTypeName(band->GetRasterDataType());
  info.bytes_per_value = GDALGetDataTypeSizeBytes(band->GetRasterDataType());
  if (GDALDataTypeIsComplex(band->GetRasterDataType()) != 0)
    return raster_error(file, "the values are complex numbers").as("REF_RAS_DTYPE");
  info.nodata = nodata_of(*band);
  band->GetBlockSize(&info.block_columns, &info.block_rows);
  const char* pixel = dataset.GetMetadataItem("AREA_OR_POINT");
  info.point = pixel != nullptr && std::string_view(pixel) == "Point";
  if (const auto* crs = dataset.GetSpatialRef()) {
    info.wgs84 = is_wgs84(*crs);
    info.crs = crs_name(*crs);
  }
  return info;
}

struct Window {
  std::uint32_t first_row, rows, first_column, columns;
};

std::int64_t two_rows_of_blocks(const RasterInfo& info) {
  const std::int64_t across = (std::int64_t{info.grid.columns} + info.block_columns - 1) / info.block_columns;
  return 2 * across * info.block_columns * info.block_rows * info.bytes_per_value;
}

}  // namespace

struct Raster::Impl {
  fs::path file;
  RasterInfo info;
  GDALDatasetUniquePtr dataset;
  std::optional<CacheShare> share;  // from the first window on that needs GDAL's cache
  std::vector<float> tile;

  Result<void> read(const Window& window, void* values, GDALDataType type) {
    const QuietGdal quiet;
    if (!share) share.emplace(two_rows_of_blocks(info));
    const auto columns = static_cast<int>(window.columns), rows = static_cast<int>(window.rows);
    const auto outcome = dataset->GetRasterBand(1)->RasterIO(GF_Read, static_cast<int>(window.first_column),
                                                             static_cast<int>(window.first_row), columns, rows, values,
                                                             columns, rows, type, 0, 0, nullptr);
    if (outcome == CE_None && quiet.message().empty()) return {};
    return read_error(window, quiet.message());
  }

  // Whole tiles, each decoded once and past GDAL's cache, which would hold hundreds of megabytes for every thread.
  Result<void> read_tiles(const Window& window, std::span<float> values) {
    const auto side_rows = static_cast<std::uint32_t>(info.block_rows);
    const auto side_columns = static_cast<std::uint32_t>(info.block_columns);
    if (window.rows == side_rows && window.columns == side_columns) return read_tile(window, 0, 0, values.data());
    tile.resize(static_cast<std::size_t>(side_rows) * side_columns);
    for (std::uint32_t row = 0; row < window.rows; row += side_rows) {
      for (std::uint32_t column = 0; column < window.columns; column += side_columns) {
        PW_CHECK(read_tile(window, row, column, tile.data()));
        const auto width = std::min(side_columns, window.columns - column);
        for (std::uint32_t i = 0; i < std::min(side_rows, window.rows - row); ++i) {
          std::copy_n(tile.data() + static_cast<std::size_t>(i) * side_columns, width,
                      values.data() + static_cast<std::size_t>(row + i) * window.columns + column);
        }
      }
    }
    return {};
  }

  // The tile of the file that begins `row` and `column` cells into the window.
  Result<void> read_tile(const Window& window, std::uint32_t row, std::uint32_t column, float* values) {
    const QuietGdal quiet;
    const auto outcome =
        dataset->GetRasterBand(1)->ReadBlock(static_cast<int>(window.first_column + column) / info.block_columns,
                                             static_cast<int>(window.first_row + row) / info.block_rows, values);
    if (outcome == CE_None && quiet.message().empty()) return {};
    return read_error(window, quiet.message());
  }

  bool whole_tiles(const Window& window) const {
    const auto fits = [](std::uint32_t first, std::uint32_t count, int block, std::uint32_t end) {
      const auto side = static_cast<std::uint32_t>(block);
      return first % side == 0 && ((first + count) % side == 0 || first + count == end);
    };
    return info.block_rows > 0 && info.block_columns > 0 && info.bands == 1 &&
           fits(window.first_row, window.rows, info.block_rows, info.grid.rows) &&
           fits(window.first_column, window.columns, info.block_columns, info.grid.columns);
  }

  Error read_error(const Window& window, const std::string& what) const {
    return raster_error(file, "cannot read rows " + std::to_string(window.first_row) + " to " +
                                  std::to_string(window.first_row + window.rows - 1) + ": " + what)
        .with("first_row", window.first_row);
  }
};

Raster::Raster(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Raster::~Raster() = default;
Raster::Raster(Raster&&) noexcept = default;
Raster& Raster::operator=(Raster&&) noexcept = default;

Result<Raster> Raster::open(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error))
    return Error("PW_INPUT", "there is no file " + file.string()).with("path", file.string());
  register_geotiff();
  const QuietGdal quiet;
  const std::array<const char*, 2> drivers = {"GTiff", nullptr};
  const std::array<const char*, 2> options = {"GEOREF_SOURCES=INTERNAL", nullptr};
  GDALDatasetUniquePtr dataset(
      GDALDataset::Open(file.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY, drivers.data(), options.data()));
  if (!dataset) return raster_error(file, "this is not a readable GeoTIFF file: " + quiet.message());
  PW_TRY(auto info, read_info(*dataset, file));
  return Raster(std::unique_ptr<Impl>(new Impl{file, std::move(info), std::move(dataset), std::nullopt, {}}));
}

const RasterInfo& Raster::info() const { return impl_->info; }

Result<void> Raster::read(std::uint32_t first_row, std::uint32_t rows, std::uint32_t first_column,
                          std::uint32_t columns, std::span<double> values) {
  return impl_->read({first_row, rows, first_column, columns}, values.data(), GDT_Float64);
}

Result<void> Raster::read(std::uint32_t first_row, std::uint32_t rows, std::uint32_t first_column,
                          std::uint32_t columns, std::span<float> values) {
  if (impl_->info.value_type != "Float32") {
    return raster_error(impl_->file, "the values are " + impl_->info.value_type + ", not Float32");
  }
  const Window window{first_row, rows, first_column, columns};
  return impl_->whole_tiles(window) ? impl_->read_tiles(window, values)
                                    : impl_->read(window, values.data(), GDT_Float32);
}

double people_or_zero(double value, const std::optional<double>& nodata) {
  if (!std::isfinite(value) || (nodata && value == *nodata)) return 0.0;
  return value;
}

}  // namespace placewright::geo_io
