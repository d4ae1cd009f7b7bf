#include "geo_io/raster.hpp"

#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <numbers>

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

// Not by EPSG code: population rasters carry plain WKT as well.
bool is_wgs84(const OGRSpatialReference& crs) {
  constexpr double kDegree = std::numbers::pi / 180.0;
  return crs.IsGeographic() != 0 && crs.GetSemiMajor() == 6378137.0 &&
         std::abs(crs.GetInvFlattening() - 298.257223563) < 1e-8 &&
         std::abs(crs.GetAngularUnits(static_cast<const char**>(nullptr)) - kDegree) < 1e-12 &&
         crs.GetPrimeMeridian(static_cast<const char**>(nullptr)) == 0.0;
}

std::string crs_name(const OGRSpatialReference& crs) {
  const char* authority = crs.GetAuthorityName(nullptr);
  const char* code = crs.GetAuthorityCode(nullptr);
  if (authority != nullptr && code != nullptr) return std::string(authority) + ":" + code;
  const char* name = crs.GetName();
  return name != nullptr && *name != '\0' ? name : "unnamed";
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
  int present = 0;
  const double nodata = band->GetNoDataValue(&present);
  if (present != 0) info.nodata = nodata;
  band->GetBlockSize(&info.block_columns, &info.block_rows);
  const char* pixel = dataset.GetMetadataItem("AREA_OR_POINT");
  info.point = pixel != nullptr && std::string_view(pixel) == "Point";
  if (const auto* crs = dataset.GetSpatialRef()) {
    info.wgs84 = is_wgs84(*crs);
    info.crs = crs_name(*crs);
  }
  return info;
}

std::int64_t two_rows_of_blocks(const RasterInfo& info) {
  const std::int64_t across = (std::int64_t{info.grid.columns} + info.block_columns - 1) / info.block_columns;
  return 2 * across * info.block_columns * info.block_rows * info.bytes_per_value;
}

}  // namespace

struct Raster::Impl {
  fs::path file;
  RasterInfo info;
  GDALDatasetUniquePtr dataset;
  CacheShare share;

  Impl(fs::path path, RasterInfo known, GDALDatasetUniquePtr opened)
      : file(std::move(path)), info(std::move(known)), dataset(std::move(opened)), share(two_rows_of_blocks(info)) {}

  Result<void> read(std::uint32_t first_row, std::uint32_t rows, std::uint32_t first_column, std::uint32_t columns,
                    void* values, GDALDataType type) {
    const QuietGdal quiet;
    const auto outcome = dataset->GetRasterBand(1)->RasterIO(
        GF_Read, static_cast<int>(first_column), static_cast<int>(first_row), static_cast<int>(columns),
        static_cast<int>(rows), values, static_cast<int>(columns), static_cast<int>(rows), type, 0, 0, nullptr);
    if (outcome == CE_None && quiet.message().empty()) return {};
    return raster_error(file, "cannot read rows " + std::to_string(first_row) + " to " +
                                  std::to_string(first_row + rows - 1) + ": " + quiet.message())
        .with("first_row", first_row);
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
  return Raster(std::make_unique<Impl>(file, std::move(info), std::move(dataset)));
}

const RasterInfo& Raster::info() const { return impl_->info; }

Result<void> Raster::read(std::uint32_t first_row, std::uint32_t rows, std::uint32_t first_column,
                          std::uint32_t columns, std::span<double> values) {
  return impl_->read(first_row, rows, first_column, columns, values.data(), GDT_Float64);
}

Result<void> Raster::read(std::uint32_t first_row, std::uint32_t rows, std::uint32_t first_column,
                          std::uint32_t columns, std::span<float> values) {
  if (impl_->info.value_type != "Float32") {
    return raster_error(impl_->file, "the values are " + impl_->info.value_type + ", not Float32");
  }
  return impl_->read(first_row, rows, first_column, columns, values.data(), GDT_Float32);
}

double people_or_zero(double value, const std::optional<double>& nodata) {
  if (!std::isfinite(value) || (nodata && value == *nodata)) return 0.0;
  return value;
}

}  // namespace placewright::geo_io
