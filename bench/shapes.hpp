// A made-up country with a ragged coast, so that the benches need no data.
#pragma once

#include <algorithm>
#include <cmath>
#include <random>

#include "geo/grid.hpp"
#include "geo/polygon.hpp"

namespace placewright::bench {

// About `vertices` points around (10, 45), 2 to 6 degrees from it; closed ring.
inline geo::MultiPolygon ragged_country(std::size_t vertices) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> unit(0, 1);
  geo::Polygon polygon;
  double reach = 4;
  for (std::size_t i = 0; i < vertices; ++i) {
    const double angle = 2 * 3.14159265358979 * static_cast<double>(i) / static_cast<double>(vertices);
    reach = std::min(6.0, std::max(2.0, reach + 0.02 * (unit(random) - 0.5)));
    polygon.exterior.push_back({10 + reach * std::cos(angle), 45 + reach * std::sin(angle)});
  }
  polygon.exterior.push_back(polygon.exterior.front());
  return {polygon};
}

// The world at 30 seconds of arc.
inline geo::Grid world_grid() { return {43200, 21600, 1.0 / 120, 0, -180, 0, -1.0 / 120, 90}; }

}  // namespace placewright::bench
