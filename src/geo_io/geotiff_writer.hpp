// Writes a GeoTIFF in little memory: float32 from north to south, a row of tiles at a time; or bytes, tile by tile.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>

#include "base/result.hpp"
#include "geo/grid.hpp"

namespace placewright::geo_io {

enum class Codec { none, lzw, deflate, zstd, lerc_zstd };  // all lossless

enum class Pixel { float32, byte };

struct GeoTiffOptions {
  Pixel pixel = Pixel::float32;
  Codec codec = Codec::lerc_zstd;
  bool float_predictor = true;  // predictor 3, for lzw, deflate and zstd of float32
  int zstd_level = 9;           // for zstd and lerc_zstd
  std::uint32_t tile = 512;     // side of a tile; a multiple of 16
  std::optional<double> nodata;
  bool sparse = true;    // tiles of nothing but nodata take no bytes
  unsigned threads = 1;  // that compress; the bytes do not depend on it
};

// EPSG:4326, one band. A writer that goes without close() removes its file.
class GeoTiffWriter {
 public:
  static Result<GeoTiffWriter> create(const std::filesystem::path& file, const geo::Grid& grid,
                                      GeoTiffOptions options = {});
  ~GeoTiffWriter();
  GeoTiffWriter(GeoTiffWriter&&) noexcept;
  GeoTiffWriter& operator=(GeoTiffWriter&&) noexcept;

  // The next rows, row-major, each of all columns. Any number of rows; what does not fill a row of tiles waits. More
  // rows than the grid has, or part of a row, is PW_DEFECT. A full disk is PW_NO_SPACE.
  Result<void> write(std::span<const float> values);
  // A whole tile of bytes, row-major; row and column count tiles. In any order, each tile at most once; a tile that is
  // never written holds nodata, or 0.
  Result<void> write_tile(std::uint32_t row, std::uint32_t column, std::span<const std::uint8_t> values);
  // PW_DEFECT when rows of float32 are missing. The file is synced.
  Result<void> close();

 private:
  struct Impl;
  explicit GeoTiffWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace placewright::geo_io
