#include "geo_io/raster_shelf.hpp"

#include <algorithm>

namespace placewright::geo_io {

Result<std::unique_ptr<Raster>> RasterShelf::borrow() {
  if (auto idle = idle_.take()) return *std::move(idle);
  PW_TRY(auto opened, Raster::open(file_));
  return std::make_unique<Raster>(std::move(opened));
}

Result<void> read_as_float(Raster& raster, std::uint32_t first_row, std::uint32_t rows, std::uint32_t first_column,
                           std::uint32_t columns, std::span<float> values) {
  if (raster.info().value_type == "Float32") return raster.read(first_row, rows, first_column, columns, values);
  std::vector<double> wide(values.size());
  PW_CHECK(raster.read(first_row, rows, first_column, columns, std::span<double>(wide)));
  std::ranges::transform(wide, values.begin(), [](double value) { return static_cast<float>(value); });
  return {};
}

}  // namespace placewright::geo_io
