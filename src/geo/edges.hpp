// A country's boundary as edges, and how one meets a ray. Private to this folder.
#pragma once

#include <algorithm>
#include <cstdint>

#include "geo/orientation.hpp"
#include "geo/polygon.hpp"

namespace placewright::geo {

struct Edge {
  Point low, high;  // low.lat <= high.lat, low != high
  std::uint32_t polygon;
};

// How an edge meets the eastward ray from a point.
enum class Meeting { misses, crosses, holds_point };

inline Meeting meeting(const Edge& edge, Point p) {
  if (p.lat < edge.low.lat || p.lat > edge.high.lat) return Meeting::misses;
  const auto [west, east] = std::minmax(edge.low.lon, edge.high.lon);
  if (p.lon > east) return Meeting::misses;
  if (edge.low.lat == edge.high.lat) return p.lon >= west ? Meeting::holds_point : Meeting::misses;
  const bool spanned = p.lat < edge.high.lat;  // half-open, so that a vertex counts for one of its edges
  if (p.lon < west) return spanned ? Meeting::crosses : Meeting::misses;
  const int side = orientation(edge.low, edge.high, p);
  if (side == 0) return Meeting::holds_point;
  return side > 0 && spanned ? Meeting::crosses : Meeting::misses;
}

}  // namespace placewright::geo
