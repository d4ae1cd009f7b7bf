// A proof that polygons are valid as OGC has it (Simple Feature Access 1.2.1, 6.1.11 and 6.1.14): cheap, exact and
// one-sided. Who is not proved may be valid all the same, and is to be asked of GEOS.
#pragma once

#include <cstdint>

#include "geo/polygon.hpp"

namespace placewright::geo {

struct ValidityProof {
  bool valid = false;
  std::uint64_t tests = 0;  // pairs looked at; given up at 64 a point, so the time is that of sorting
};

// Proved: every ring is closed and simple and repeats no point; two rings meet in corners of both at most, where they
// do not cross; rings of one polygon that touch make no circle; shells and holes nest as they should. Not proved,
// though valid: a corner that touches the middle of a segment, a repeated point, coordinates that are no degrees
// (beyond 1000, or below 1e-100 and not 0). Any input is allowed.
ValidityProof prove_valid(const MultiPolygon& polygons);

}  // namespace placewright::geo
