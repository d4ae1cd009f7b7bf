#include "world/lamps.hpp"

#include <gdal_priv.h>

#include <algorithm>
#include <cmath>

namespace placewright::world {

Lamps::Lamps(std::uint32_t columns, std::uint32_t rows, std::vector<std::uint8_t> values)
    : columns_(columns), rows_(rows), values_(std::move(values)) {}

Result<Lamps> Lamps::read(const std::filesystem::path& file) {
  GDALAllRegister();
  const GDALDatasetUniquePtr picture(GDALDataset::Open(file.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY));
  if (!picture || picture->GetRasterCount() < 1) return Error("PW_GEO", "cannot read the picture " + file.string());
  const int columns = picture->GetRasterXSize(), rows = picture->GetRasterYSize();
  std::vector<std::uint8_t> values(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  if (picture->GetRasterBand(1)->RasterIO(GF_Read, 0, 0, columns, rows, values.data(), columns, rows, GDT_Byte, 0, 0,
                                          nullptr) != CE_None) {
    return Error("PW_GEO", "cannot read the picture " + file.string() + ": " + CPLGetLastErrorMsg());
  }
  return Lamps(static_cast<std::uint32_t>(columns), static_cast<std::uint32_t>(rows), std::move(values));
}

LampReader::LampReader(const Lamps& lamps, const geo::Grid& grid) : lamps_(lamps), grid_(grid), at_(grid.columns) {
  const double per_degree = lamps.columns() / 360.0;
  const auto width = static_cast<std::int64_t>(lamps.columns());
  for (std::uint32_t c = 0; c < grid.columns; ++c) {
    const double x = (grid.c + grid.a * (c + 0.5) + 180) * per_degree - 0.5;
    const double west = std::floor(x);
    const auto w = (static_cast<std::int64_t>(west) % width + width) % width;
    at_[c] = {static_cast<std::uint32_t>(w), static_cast<std::uint32_t>((w + 1) % width), x - west};
  }
}

void LampReader::read(std::uint32_t row, std::uint32_t column, std::uint32_t count, double* out) const {
  const double last = lamps_.rows() - 1.0;
  const double y = std::clamp((90 - (grid_.f + grid_.e * (row + 0.5))) * lamps_.rows() / 180.0 - 0.5, 0.0, last);
  const double north = std::floor(y), share = y - north;
  const auto* upper = lamps_.row(static_cast<std::uint32_t>(north));
  const auto* lower = lamps_.row(static_cast<std::uint32_t>(std::min(north + 1, last)));
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto& at = at_[column + i];
    const int a = upper[at.west], b = upper[at.east], c = lower[at.west], d = lower[at.east];
    if ((a | b | c | d) == 0) {
      out[i] = 0;
      continue;
    }
    const double above = a + at.share * (b - a), below = c + at.share * (d - c);
    const double light = above + share * (below - above);
    out[i] = light * std::sqrt(light);
  }
}

}  // namespace placewright::world
