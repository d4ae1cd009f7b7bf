// A shapefile through GDAL: the input is its .shx, .dbf and .prj, each behind its length, then the .shp.
#include "vector.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace placewright;
  auto input = fuzz::text_of(data, size);
  for (const auto* name : {"polygons.shx", "polygons.dbf", "polygons.prj"}) {
    fuzz::file_with(fuzz::next_part(input), name);
  }
  fuzz::read_polygons(fuzz::file_with(input, "polygons.shp"));
  return 0;
}
