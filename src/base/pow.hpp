// A power that is the same double on every processor, compiler and C library.
#pragma once

namespace placewright {

// base^exponent, rounded to nearest. What is rounded lies within 2^-95 of the true power, relatively, so the result is
// the correctly rounded one unless the power is that close to the middle of two doubles: about one call in 2^41 for
// arguments without structure (bases within 2^-52 of one have some). Powers below e^-700 are 0. Written in
// double-double arithmetic (Dekker 1971) with +, -, *, / only. REQUIRES: 0 <= base <= 1, 0 < exponent <= 64, and a
// build that does not contract a * b + c.
double portable_pow(double base, double exponent);

// portable_pow() of two bases at once: the same doubles for little more than the time of one.
struct Powers {
  double a, b;
};
Powers portable_pow(double base_a, double exponent_a, double base_b, double exponent_b);

}  // namespace placewright
