// The population raster on disk: a tiled GeoTIFF written from north to south, a row of tiles at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

#include "base/result.hpp"
#include "geo/grid.hpp"

namespace placewright::world {

inline constexpr float kNoData = -99999.0F;
inline constexpr std::uint32_t kTileSide = 512;

// Fills rows [first, first + rows) of the whole grid, row-major; the buffer holds kNoData.
using FillRows = std::function<void(std::uint32_t first, std::uint32_t rows, std::span<float> values)>;

// float32, EPSG:4326, nodata -99999. The bytes do not depend on `threads`.
Result<void> write_raster(const std::filesystem::path& file, const geo::Grid& grid, unsigned threads, const FillRows& fill);

}  // namespace placewright::world
