#include "geo/settle.hpp"

#include <algorithm>
#include <cmath>

#include "base/steady.hpp"

namespace placewright::geo {
namespace {

constexpr unsigned kSide = 64;

double cosine(double latitude) { return std::max(0.0, steady::cos_turn(std::abs(latitude) / 360)); }

// Share of the height below which a share `u` of the ground lies: the root of the linear density's distribution.
double height_share(const Narrowing& ground, double u) {
  const auto [south, north] = ground;
  const double root = std::sqrt(south * south + u * (north * north - south * south));
  return south + root > 0 ? u * (south + north) / (south + root) : u;
}

// Fractions of width and height from the south-western corner.
Offset offset_at(const TileBounds& tile, double across, double up) {
  const auto beyond = [&](double lon) { return lon < tile.min_lon ? lon + 360 : lon; };  // unwrapped
  const double lon = tile.min_lon + across * (beyond(tile.max_lon) - tile.min_lon);
  Offset out;
  out.lon = lon - beyond(tile.centroid_lon);
  out.lat = tile.min_lat + up * (tile.max_lat - tile.min_lat) - tile.centroid_lat;
  out.point = {wrap_longitude(tile.centroid_lon + out.lon), tile.centroid_lat + out.lat};
  return out;
}

}  // namespace

Narrowing narrowing(const TileBounds& tile) { return {cosine(tile.min_lat), cosine(tile.max_lat)}; }

Offset even_offset(const TileBounds& tile, const Narrowing& ground, double u_lon, double u_lat) {
  return offset_at(tile, u_lon, height_share(ground, u_lat));
}

bool holds(const TileBounds& tile, Point point) {
  if (!(tile.min_lat <= point.lat && point.lat <= tile.max_lat)) return false;
  const bool east = tile.min_lon <= point.lon, west = point.lon <= tile.max_lon;
  return tile.min_lon <= tile.max_lon ? east && west : east || west;
}

Offset way_out(const TileBounds& tile, std::uint64_t word0, std::uint64_t word1,
               const std::function<bool(Point)>& accepted) {
  constexpr std::uint64_t kPlaces = std::uint64_t{kSide} * kSide;
  const auto step = (word1 % kPlaces) | 1;  // odd, so every place is met
  auto place = word0 % kPlaces;
  for (std::uint64_t i = 0; i < kPlaces; ++i, place = (place + step) % kPlaces) {
    const auto x = static_cast<double>(place % kSide), y = static_cast<double>(place / kSide);
    const auto offset = offset_at(tile, (x + 0.5) / kSide, (y + 0.5) / kSide);
    if (accepted(offset.point)) return offset;
  }
  return offset_at(tile, 0.5, 0.5);
}

}  // namespace placewright::geo
