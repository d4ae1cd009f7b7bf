// Polygons in degrees, longitude first. Rings are closed (first point repeated) and of any orientation.
#pragma once

#include <string>
#include <vector>

#include "base/ids.hpp"

namespace placewright::geo {

struct Point {
  double lon = 0;
  double lat = 0;
  friend bool operator==(const Point&, const Point&) = default;
};
using Ring = std::vector<Point>;
struct Polygon {
  Ring exterior;
  std::vector<Ring> holes;
};
using MultiPolygon = std::vector<Polygon>;

struct Box {
  double min_lon, min_lat, max_lon, max_lat;
};
Box bounds(const MultiPolygon& polygons);  // REQUIRES: not empty

// All polygons of one code, unioned where the source held several rows for it.
struct Country {
  Iso iso;
  MultiPolygon polygons;
};

}  // namespace placewright::geo
