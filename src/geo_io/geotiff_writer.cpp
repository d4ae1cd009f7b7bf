#include "geo_io/geotiff_writer.hpp"

#include <fcntl.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "geo_io/gdal_border.hpp"

namespace placewright::geo_io {
namespace {

namespace fs = std::filesystem;

// GDAL does not pass the system's reason on.
bool disk_is_full(const fs::path& file) {
  std::error_code error;
  const auto space = fs::space(file.has_parent_path() ? file.parent_path() : fs::path("."), error);
  return !error && space.available < (std::uintmax_t{1} << 20);
}

Error write_error(const fs::path& file, const std::string& what) {
  return Error(disk_is_full(file) ? "PW_NO_SPACE" : "PW_IO", "cannot write " + file.string() + ": " + what)
      .with("file", file.string());
}

const char* name_of(Codec codec) {
  switch (codec) {
    case Codec::none:
      return "NONE";
    case Codec::lzw:
      return "LZW";
    case Codec::deflate:
      return "DEFLATE";
    case Codec::zstd:
      return "ZSTD";
    case Codec::lerc_zstd:
      return "LERC_ZSTD";
  }
  return "NONE";
}

CPLStringList creation_options(const GeoTiffOptions& options) {
  CPLStringList list;
  list.SetNameValue("TILED", "YES");
  list.SetNameValue("BLOCKXSIZE", std::to_string(options.tile).c_str());
  list.SetNameValue("BLOCKYSIZE", std::to_string(options.tile).c_str());
  list.SetNameValue("COMPRESS", name_of(options.codec));
  list.SetNameValue("SPARSE_OK", options.sparse ? "TRUE" : "FALSE");
  list.SetNameValue("BIGTIFF", "IF_SAFER");
  list.SetNameValue("NUM_THREADS", std::to_string(std::max(options.threads, 1U)).c_str());
  const bool predicts = options.codec == Codec::lzw || options.codec == Codec::deflate || options.codec == Codec::zstd;
  if (predicts && options.float_predictor && options.pixel == Pixel::float32) list.SetNameValue("PREDICTOR", "3");
  if (options.codec == Codec::lerc_zstd) list.SetNameValue("MAX_Z_ERROR", "0");
  if (options.codec == Codec::lerc_zstd || options.codec == Codec::zstd) {
    list.SetNameValue("ZSTD_LEVEL", std::to_string(options.zstd_level).c_str());
  }
  return list;
}

bool describe(GDALDataset& raster, const geo::Grid& grid, const std::optional<double>& nodata) {
  std::array<double, 6> transform = {grid.c, grid.a, grid.b, grid.f, grid.d, grid.e};
  OGRSpatialReference wgs84;
  wgs84.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  return wgs84.SetWellKnownGeogCS("WGS84") == OGRERR_NONE && raster.SetGeoTransform(transform.data()) == CE_None &&
         raster.SetSpatialRef(&wgs84) == CE_None &&
         (!nodata || raster.GetRasterBand(1)->SetNoDataValue(*nodata) == CE_None);
}

Result<void> sync(const fs::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return write_error(file, "it cannot be opened again");
  const bool synced = ::fsync(fd) == 0 || errno == EINVAL;
  ::close(fd);
  if (!synced) return write_error(file, "it cannot be synced");
  return {};
}

}  // namespace

struct GeoTiffWriter::Impl {
  fs::path file;
  geo::Grid grid;
  GeoTiffOptions options;
  GDALDatasetUniquePtr raster;
  std::vector<float> waiting;  // the beginning of a row of tiles
  std::vector<float> tile;
  std::uint64_t rows = 0;  // written to tiles

  ~Impl() {
    if (!raster) return;
    const QuietGdal quiet;
    raster.reset();
    std::error_code ignored;
    fs::remove(file, ignored);
  }

  Error misuse(const std::string& what) const { return Error("PW_DEFECT", file.string() + ": " + what); }
  std::size_t row_of_tiles() const { return std::min<std::uint64_t>(options.tile, grid.rows - rows) * grid.columns; }
  Result<void> write_tiles(std::span<const float> values);
};

// Tile by tile, past GDAL's block cache, which would grow to a share of the machine. The edge of the grid is padded.
Result<void> GeoTiffWriter::Impl::write_tiles(std::span<const float> values) {
  const QuietGdal quiet;
  const auto height = values.size() / grid.columns;
  const auto filler = static_cast<float>(options.nodata.value_or(0.0));
  for (std::uint32_t column = 0; column < grid.columns; column += options.tile) {
    tile.assign(std::size_t{options.tile} * options.tile, filler);
    const auto width = std::min(options.tile, grid.columns - column);
    for (std::size_t row = 0; row < height; ++row) {
      std::copy_n(values.data() + row * grid.columns + column, width, tile.data() + row * options.tile);
    }
    const auto outcome = raster->GetRasterBand(1)->WriteBlock(static_cast<int>(column / options.tile),
                                                              static_cast<int>(rows / options.tile), tile.data());
    if (outcome != CE_None || !quiet.message().empty()) return write_error(file, quiet.message());
  }
  rows += height;
  return {};
}

GeoTiffWriter::GeoTiffWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
GeoTiffWriter::~GeoTiffWriter() = default;
GeoTiffWriter::GeoTiffWriter(GeoTiffWriter&&) noexcept = default;
GeoTiffWriter& GeoTiffWriter::operator=(GeoTiffWriter&&) noexcept = default;

Result<GeoTiffWriter> GeoTiffWriter::create(const fs::path& file, const geo::Grid& grid, GeoTiffOptions options) {
  register_geotiff();
  const QuietGdal quiet;
  auto* driver = GetGDALDriverManager()->GetDriverByName("GTiff");
  if (driver == nullptr) return Error("PW_GEO", "this GDAL cannot write GeoTIFF");
  GDALDatasetUniquePtr raster(driver->Create(file.c_str(), static_cast<int>(grid.columns), static_cast<int>(grid.rows),
                                             1, options.pixel == Pixel::byte ? GDT_Byte : GDT_Float32,
                                             creation_options(options).List()));
  if (!raster) return write_error(file, quiet.message());
  auto impl = std::unique_ptr<Impl>(new Impl{file, grid, std::move(options), std::move(raster), {}, {}, 0});
  if (!describe(*impl->raster, grid, impl->options.nodata)) return write_error(file, quiet.message());
  return GeoTiffWriter(std::move(impl));
}

Result<void> GeoTiffWriter::write(std::span<const float> values) {
  auto& state = *impl_;
  if (state.options.pixel != Pixel::float32) return state.misuse("float32 was handed over for bytes");
  if (values.size() % state.grid.columns != 0) return state.misuse("a part of a row was handed over");
  const auto left = (state.grid.rows - state.rows) * state.grid.columns - state.waiting.size();
  if (values.size() > left) return state.misuse("more rows were handed over than the grid has");
  while (!values.empty()) {
    const auto wanted = state.row_of_tiles();
    const auto taken = std::min(values.size(), wanted - state.waiting.size());
    if (taken == wanted) {
      PW_CHECK(state.write_tiles(values.first(taken)));
    } else {
      state.waiting.insert(state.waiting.end(), values.begin(), values.begin() + static_cast<std::ptrdiff_t>(taken));
      if (state.waiting.size() == wanted) {
        PW_CHECK(state.write_tiles(state.waiting));
        state.waiting.clear();
      }
    }
    values = values.subspan(taken);
  }
  return {};
}

Result<void> GeoTiffWriter::write_tile(std::uint32_t row, std::uint32_t column, std::span<const std::uint8_t> values) {
  auto& state = *impl_;
  const auto side = std::size_t{state.options.tile};
  if (state.options.pixel != Pixel::byte || values.size() != side * side)
    return state.misuse("this is no tile of bytes");
  const QuietGdal quiet;
  // GDAL takes the values as not const, and does not change them.
  auto* bytes = const_cast<std::uint8_t*>(values.data());
  const auto outcome =
      state.raster->GetRasterBand(1)->WriteBlock(static_cast<int>(column), static_cast<int>(row), bytes);
  if (outcome != CE_None || !quiet.message().empty()) return write_error(state.file, quiet.message());
  return {};
}

Result<void> GeoTiffWriter::close() {
  auto& state = *impl_;
  if (!state.raster) return state.misuse("it is closed already");
  if (state.options.pixel == Pixel::float32 && state.rows != state.grid.rows)
    return state.misuse("rows from " + std::to_string(state.rows) + " on are missing");
  const QuietGdal quiet;
  state.raster->FlushCache(true);
  if (!quiet.message().empty()) return write_error(state.file, quiet.message());
  state.raster.reset();
  if (!quiet.message().empty()) return write_error(state.file, quiet.message());
  return sync(state.file);
}

}  // namespace placewright::geo_io
