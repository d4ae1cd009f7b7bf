// country_shapes of a world (GeoParquet): codes ascend, and shapes without a problem have polygons.
#include "geo_io/countries.hpp"

#include "target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace placewright;
  const auto shapes = geo_io::read_countries(fuzz::file_with(fuzz::text_of(data, size), "countries.parquet"));
  if (!fuzz::good(shapes)) return 0;
  for (std::size_t i = 0; i < shapes->size(); ++i) {
    const auto& shape = (*shapes)[i];
    fuzz::require(i == 0 || (*shapes)[i - 1].country.iso < shape.country.iso, "codes ascend, once each");
    fuzz::require(!shape.problem.empty() || !shape.country.polygons.empty(), "a shape without a problem has polygons");
  }
  return 0;
}
