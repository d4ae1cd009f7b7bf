#include "rng/jitter.hpp"

#include <algorithm>
#include <cmath>

#include "base/pow.hpp"

namespace placewright::rng {
namespace {

double clip01(double v) { return std::min(1.0, std::max(0.0, v)); }

// From the middle of the tile towards its edges, -1 to 1.
double centred(double u) { return 2.0 * clip01(u) - 1.0; }

double fraction(double c, double power, double reach) {
  const double s = c > 0 ? power : c < 0 ? -power : 0.0;
  return clip01(0.5 + 0.5 * s * clip01(reach));
}

Component chosen(const JitterLaw& law, double u_lon, double u_lat) {
  const double selector = (1 - law.blend) * clip01(u_lon) + law.blend * clip01(u_lat);
  if (selector < law.core_weight) return Component::core_cluster;
  return selector < law.core_weight + law.secondary_weight ? Component::secondary_cluster : Component::sparse_tail;
}

}  // namespace

Drawn draw(const JitterLaw& law, double u_lon, double u_lat) {
  if (!law.mixture) return {clip01(u_lon), clip01(u_lat), 1.0, Component::uniform};
  const auto component = chosen(law, u_lon, u_lat);
  const auto& shape = law.shapes[static_cast<std::size_t>(component)];
  const double lon = centred(u_lon), lat = centred(u_lat);
  const auto power = portable_pow(std::abs(lon), std::max(shape.lon_exponent, 1e-12), std::abs(lat),
                                  std::max(shape.lat_exponent, 1e-12));
  return {fraction(lon, power.a, shape.reach), fraction(lat, power.b, shape.reach), shape.reach, component};
}

double sigma(const JitterLaw& law, double u_lon, double u_lat) {
  return law.mixture ? law.shapes[static_cast<std::size_t>(chosen(law, u_lon, u_lat))].reach : 1.0;
}

}  // namespace placewright::rng
