// exp(x) from plain IEEE operations only: the same bits on every platform, and a loop over it becomes vector code.
#pragma once

#include <bit>
#include <cstdint>

namespace placewright::world {

// Within 1.5 ulp for x in [-700, 0]. x = n ln 2 + r, |r| <= ln 2 / 2; Taylor's series of e^r to degree 13 is exact to
// 2^-57; n goes into the exponent bits.
inline double exponential(double x) {
  constexpr double kShift = 0x1.8p52;  // adding it rounds to an integer, which then stands in the low bits
  constexpr double kLog2E = 0x1.71547652b82fep0;
  constexpr double kLn2High = 0x1.62e42feep-1, kLn2Low = 0x1.a39ef35793c76p-33;
  const double shifted = x * kLog2E + kShift;
  const double n = shifted - kShift;
  const double r = (x - n * kLn2High) - n * kLn2Low;
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(p) + (std::bit_cast<std::uint64_t>(shifted) << 52));
}

}  // namespace placewright::world
