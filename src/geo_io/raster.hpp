// GeoTIFF in and out. The only folder, with world/, that includes GDAL.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/result.hpp"
#include "geo/grid.hpp"

namespace placewright::geo_io {

struct RasterInfo {
  geo::Grid grid;
  int bands = 0;
  std::string value_type;  // "Float32", ...
  int bytes_per_value = 0;
  std::optional<double> nodata;
  bool wgs84 = false;  // geographic, WGS84 ellipsoid, degrees, Greenwich (no EPSG key needed)
  std::string crs;     // for messages; empty when absent
  bool point = false;  // PixelIsPoint: `grid` is moved by half a cell, so that it bounds cells as others do
  int block_columns = 0;
  int block_rows = 0;
};

// Band 1. A Raster is used by one thread at a time; open one per thread.
class Raster {
 public:
  static Result<Raster> open(const std::filesystem::path& file);
  ~Raster();
  Raster(Raster&&) noexcept;
  Raster& operator=(Raster&&) noexcept;

  const RasterInfo& info() const;
  // Values of a window, row-major, as float64 of the stored value (float32 widened exactly), nodata NOT replaced.
  // REQUIRES: the window lies inside the grid and values.size() == rows * columns.
  Result<void> read(std::uint32_t first_row, std::uint32_t rows, std::uint32_t first_column, std::uint32_t columns,
                    std::span<double> values);
  // Same as float32 where the band is Float32; halves the memory.
  Result<void> read(std::uint32_t first_row, std::uint32_t rows, std::uint32_t first_column, std::uint32_t columns,
                    std::span<float> values);

 private:
  struct Impl;
  explicit Raster(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// People as S2 reads a cell: nodata, NaN and infinities are 0; other values, negative ones too, stay.
double people_or_zero(double value, const std::optional<double>& nodata);

}  // namespace placewright::geo_io
