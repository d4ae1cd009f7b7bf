// How near a placement is to where a real chain stands, given only its count per country.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "realism/frame.hpp"
#include "work/pool.hpp"

namespace placewright::realism {

struct NeighbourQuantiles {
  double p50_m = 0, p90_m = 0, p99_m = 0;
};

struct CountryLikeness {
  Iso country;
  std::uint64_t real = 0, placed = 0;
  double shared_mass_50 = 0;  // 1 - total variation on equal-area cells of 50 km: 1 same, 0 disjoint
  double within_10km = 0;     // harmonic mean of: placed with a real site within 10 km, real with a placed one
  double nn_ks = 0;           // Kolmogorov-Smirnov distance of nearest-neighbour distances inside the country: 0 same
  NeighbourQuantiles real_nn, placed_nn;
};

// The three figures of the whole weigh countries by the square root of their real sites.
struct Likeness {
  std::vector<CountryLikeness> countries;  // most real sites first
  double shared_mass_50 = 0, within_10km = 0, nn_ks = 0;
};

// Countries with at least `min_sites` (2 or more) real sites and two placed ones. None: RS06_EMPTY_FRAME.
Result<Likeness> likeness(const Frame& real, const Frame& placed, std::uint64_t min_sites, work::Pool& pool);

Json as_json(const Likeness& likeness);
// Both sets of points side by side as a self-contained SVG; the country with most real sites when there are several.
std::string likeness_map(const Frame& real, const Frame& placed, Iso country);

}  // namespace placewright::realism
