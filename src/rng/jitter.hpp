// Two uniforms become a place inside a tile (spec S5-S6 §4.5). Fractions run from the western and southern edge.
#pragma once

#include <array>
#include <cstdint>

namespace placewright::rng {

// In the order of a policy; `uniform` is what the one-component method reports.
enum class Component : std::uint8_t { core_cluster, secondary_cluster, sparse_tail, uniform };
inline constexpr std::array<const char*, 4> kComponentNames = {"core_cluster", "secondary_cluster", "sparse_tail",
                                                               "uniform_v1"};

struct JitterShape {
  double lat_exponent = 1, lon_exponent = 1;  // above 1 towards the tile's centre, below 1 towards its edges
  double reach = 1;                           // largest offset as a share of half a tile, 0 .. 1
};

struct JitterLaw {
  bool mixture = false;
  double blend = 0.5;                            // share of the latitude's uniform in the selector
  double core_weight = 0, secondary_weight = 0;  // normalised
  std::array<JitterShape, 3> shapes;             // core_cluster, secondary_cluster, sparse_tail
};

struct Drawn {
  double lon_fraction = 0, lat_fraction = 0;  // 0 .. 1
  double sigma = 1;                           // as events carry it for both directions
  Component component = Component::uniform;
};

// REQUIRES: 0 < u_lon, u_lat < 1. The same doubles on every platform: the power is base/pow.hpp's.
Drawn draw(const JitterLaw& law, double u_lon, double u_lat);
// draw(...).sigma alone, without the powers.
double sigma(const JitterLaw& law, double u_lon, double u_lat);

}  // namespace placewright::rng
