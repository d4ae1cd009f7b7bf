// The sites themselves: S5, S6, S7 and site_locations tell one story, and it is true on the ground.
#pragma once

#include "verify/demand.hpp"
#include "verify/ground.hpp"

namespace placewright::verify {

struct SiteCount {
  std::uint64_t sites = 0;  // rows of site_locations
  bool aligned = true;      // S5 to S8 hold the same keys, n of each pair with orders 1 .. n
};

// Findings: VER_SITES (keys, orders, numbers), VER_TILE (tiles of S5, S6, S7 differ or are no tiles of the country),
// VER_COORDINATES (S7 is not centre plus jitter, or site_locations differs from S7), VER_POINT (outside tile or
// country).
Result<SiteCount> check_sites(Subject& subject, const std::vector<Pair>& pairs, const Ground& ground);

}  // namespace placewright::verify
