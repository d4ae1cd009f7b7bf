// The Hilbert curve over a square of 2^order by 2^order places (Hilbert 1891, "Über die stetige Abbildung einer Linie
// auf ein Flächenstück"): neighbours on the curve are neighbours in the plane.
#pragma once

#include <cstdint>

namespace placewright::geo {

struct Place {
  std::uint32_t x = 0, y = 0;
  friend bool operator==(const Place&, const Place&) = default;
};

//  (1) hilbert_place(n, hilbert_index(n, p)) == p for coordinates below 2^n.
//  (2) hilbert_index(n, p) >> 2k == hilbert_index(n - k, p >> k): a square of 2^k places aligned to it is one piece of
//  the curve.
// REQUIRES: order <= 31.
std::uint64_t hilbert_index(unsigned order, Place place);
Place hilbert_place(unsigned order, std::uint64_t index);

}  // namespace placewright::geo
