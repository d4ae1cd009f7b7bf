// TopoJSON as the world pack holds it: rings that come out have four points or more, ids three digits.
#include "world/topojson.hpp"

#include "target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace placewright;
  const auto topology = parse_json(fuzz::text_of(data, size), "input");
  if (!fuzz::good(topology)) return 0;
  const auto features = world::decode_topojson(*topology, "countries");
  if (!fuzz::good(features)) return 0;
  for (const auto& feature : *features) {
    fuzz::require(!feature.id || (*feature.id >= 0 && *feature.id < 1000), "an id is 0 to 999");
    for (const auto& polygon : feature.polygons) {
      fuzz::require(polygon.exterior.size() >= 4, "an exterior has four points or more");
      for (const auto& hole : polygon.holes) fuzz::require(hole.size() >= 4, "a hole has four points or more");
    }
  }
  return 0;
}
