// A power that is the same double on every processor, compiler and C library.
#pragma once

namespace placewright {

// base^exponent for 0 <= base <= 1 and 0 < exponent <= 64, rounded to nearest. The sum that is rounded is within 2^-95 of
// the true power (relative), so the result is the correctly rounded one unless the power lies that close to the middle
// of two doubles: about one call in 2^41 for arguments without structure. 1 and whole squares are exact cases and
// come out exact. Written in double-double arithmetic (Dekker 1971) on +, -, *, / only; REQUIRES no contraction.
double portable_pow(double base, double exponent);

}  // namespace placewright
