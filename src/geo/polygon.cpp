#include "geo/polygon.hpp"

#include <algorithm>
#include <limits>

namespace placewright::geo {

Box bounds(const MultiPolygon& polygons) {
  constexpr double kFar = std::numeric_limits<double>::infinity();
  Box box{kFar, kFar, -kFar, -kFar};
  for (const auto& polygon : polygons) {
    for (const auto& p : polygon.exterior) {
      box = {std::min(box.min_lon, p.lon), std::min(box.min_lat, p.lat), std::max(box.max_lon, p.lon),
             std::max(box.max_lat, p.lat)};
    }
  }
  return box;
}

}  // namespace placewright::geo
