// WKB: rings that come out are closed, and what is written of them reads back bit for bit.
#include "geo_io/wkb.hpp"

#include <cstring>

#include "geo_io/countries.hpp"
#include "target.hpp"

namespace {

using namespace placewright;

void check_ring(const geo::Ring& ring) {
  fuzz::require(ring.size() >= 4, "a ring has four points or more");
  const bool closed = ring.front() == ring.back() || std::memcmp(&ring.front(), &ring.back(), sizeof ring[0]) == 0;
  fuzz::require(closed, "a ring is closed");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto polygons = geo_io::polygons_of_wkb(fuzz::text_of(data, size));
  if (!fuzz::good(polygons)) return 0;
  for (const auto& polygon : *polygons) {
    check_ring(polygon.exterior);
    for (const auto& hole : polygon.holes) check_ring(hole);
  }
  const auto text = geo_io::wkb_of(*polygons);
  const auto again = geo_io::polygons_of_wkb(text);
  fuzz::require(static_cast<bool>(again), "written WKB cannot be read");
  fuzz::require(geo_io::wkb_of(*again) == text, "written WKB reads back as another geometry");
  return 0;
}
