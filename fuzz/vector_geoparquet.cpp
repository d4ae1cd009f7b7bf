// GeoParquet.
#include "vector.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace placewright;
  fuzz::read_polygons(fuzz::file_with(fuzz::text_of(data, size), "polygons.parquet"));
  return 0;
}
