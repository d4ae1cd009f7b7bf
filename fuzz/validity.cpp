// Rings on a small grid, so that corners, touches and overlaps abound: what is proved valid is valid to GEOS.
#include "geo/validity.hpp"

#include <algorithm>
#include <utility>

#include "geo_io/geos.hpp"
#include "target.hpp"

namespace {

using namespace placewright;

// A byte 0 to 239 is a corner on a grid of 16 by 15; a higher one ends the ring, an even one of them the polygon too.
geo::MultiPolygon polygons_of(std::string_view bytes) {
  geo::MultiPolygon polygons;
  geo::Ring ring;
  bool hole = false;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    if (value < 240) {
      ring.push_back({static_cast<double>(value % 16), static_cast<double>(value / 16) / 3});
      continue;
    }
    if (!ring.empty()) ring.push_back(ring.front());
    if (!hole) polygons.emplace_back();
    auto& polygon = polygons.back();
    (hole ? polygon.holes.emplace_back() : polygon.exterior) = std::exchange(ring, {});
    hole = value % 2 != 0;
  }
  return polygons;
}

bool unfit_for_geos(const geo::MultiPolygon& polygons) {
  const auto open = [](const geo::Ring& ring) { return ring.size() < 4; };
  return polygons.empty() || std::ranges::any_of(polygons, [&](const geo::Polygon& polygon) {
           return open(polygon.exterior) || std::ranges::any_of(polygon.holes, open);
         });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto polygons = polygons_of(fuzz::text_of(data, std::min<std::size_t>(size, 512)));
  const bool proved = geo::prove_valid(polygons).valid;
  if (unfit_for_geos(polygons)) {
    fuzz::require(!proved, "rings of fewer than three corners are proved valid");
    return 0;
  }
  if (!proved) return 0;
  const auto reason = geo_io::invalid_reason(polygons);
  if (!reason.empty()) fuzz::broken("proved valid, but GEOS finds " + reason);
  return 0;
}
