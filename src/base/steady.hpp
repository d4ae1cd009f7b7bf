// Logarithm, exponential and circle functions from +, -, *, / alone, so that a draw is the same number on every machine;
// a C library's own functions differ in the last digit from one to the next. Relative error about 1e-15.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace placewright::steady {

inline constexpr double kLn2 = 0.693147180559945309417;
// ln 2 as a part whose product with small integers is exact, and the rest.
inline constexpr double kLn2High = 6.93147180369123816490e-01;
inline constexpr double kLn2Low = 1.90821492927058770002e-10;

// x > 0, normal.
inline double log(double x) {
  auto bits = std::bit_cast<std::uint64_t>(x);
  auto exponent = static_cast<int>(bits >> 52) - 1023;
  bits = (bits & 0xfffffffffffffU) | 0x3ff0000000000000U;
  double m = std::bit_cast<double>(bits);  // 1 <= m < 2
  if (m > 1.4142135623730951) {
    m *= 0.5;
    ++exponent;
  }
  // ln m = 2 artanh((m - 1) / (m + 1)), |s| < 0.172
  const double s = (m - 1) / (m + 1);
  const double square = s * s;
  double sum = 0;
  for (int k = 23; k >= 3; k -= 2) sum = (sum + 1.0 / k) * square;
  return exponent * kLn2High + (2 * s + (2 * s * sum + exponent * kLn2Low));
}

// |x| < 700
inline double exp(double x) {
  const double k = std::floor(x / kLn2 + 0.5);
  const double r = (x - k * kLn2High) - k * kLn2Low;  // |r| < 0.35
  double sum = 1;
  for (int n = 16; n >= 1; --n) sum = 1 + sum * r / n;
  return sum * std::bit_cast<double>(static_cast<std::uint64_t>(static_cast<std::int64_t>(k) + 1023) << 52);
}

// x > 0
inline double pow(double x, double power) { return exp(power * log(x)); }

// cos(2 pi u), 0 <= u < 1
inline double cos_turn(double u) {
  constexpr double kTwoPi = 6.283185307179586476925;
  const double quarter = std::floor(u * 4 + 0.5);        // nearest multiple of a quarter turn, exact
  const double angle = kTwoPi * (u - quarter * 0.25);    // |angle| <= pi / 4
  const double square = angle * angle;
  double cosine = 1;
  for (int n = 20; n >= 2; n -= 2) cosine = 1 - cosine * square / (n * (n - 1));
  double sine = 1;
  for (int n = 21; n >= 3; n -= 2) sine = 1 - sine * square / (n * (n - 1));
  sine *= angle;
  switch (static_cast<int>(quarter) % 4) {
    case 0: return cosine;
    case 1: return -sine;
    case 2: return -cosine;
    default: return sine;
  }
}

}  // namespace placewright::steady
