// A proof that polygons are valid by OGC's rules (Simple Feature Access 1.2.1, 6.1.11 and 6.1.14), for those whose
// rings nowhere touch: cheap, exact, and one-sided.
#pragma once

#include <cstdint>

#include "geo/polygon.hpp"

namespace placewright::geo {

struct ValidityProof {
  bool valid = false;       // false: not proved. What touches, repeats a point or costs too much may still be valid.
  std::uint64_t tests = 0;  // pairs looked at: at most 64 a point
};

// Proved when every ring is closed, simple and without repeated points, no two rings have a point in common, and shells
// and holes nest as they should. Any input is allowed.
ValidityProof prove_valid(const MultiPolygon& polygons);

}  // namespace placewright::geo
