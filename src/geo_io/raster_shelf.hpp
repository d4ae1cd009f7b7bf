// One raster file for many threads: readers that idle between windows are kept, each serves one thread at a time.
#pragma once

#include <filesystem>
#include <memory>

#include "geo_io/raster.hpp"
#include "work/shelf.hpp"

namespace placewright::geo_io {

class RasterShelf {
 public:
  explicit RasterShelf(std::filesystem::path file) : file_(std::move(file)) {}

  const std::filesystem::path& file() const { return file_; }
  Result<std::unique_ptr<Raster>> borrow();
  void give_back(std::unique_ptr<Raster> raster) { idle_.put(std::move(raster)); }

 private:
  std::filesystem::path file_;
  work::Shelf<std::unique_ptr<Raster>> idle_;
};

// Values of a window as float32 whatever the band holds; wider types are rounded to the nearest float.
// REQUIRES: as Raster::read.
Result<void> read_as_float(Raster& raster, std::uint32_t first_row, std::uint32_t rows, std::uint32_t first_column,
                           std::uint32_t columns, std::span<float> values);

}  // namespace placewright::geo_io
