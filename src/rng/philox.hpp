// Philox2x64-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3") and its 128-bit counter.
// Source of the byte rules: spec S5-S6 §1.
#pragma once

#include <cstdint>

namespace placewright::rng {

// 128-bit counter; addition wraps modulo 2^128.
struct Counter {
  std::uint64_t hi = 0;
  std::uint64_t lo = 0;
  friend constexpr bool operator==(Counter, Counter) = default;
};

constexpr Counter operator+(Counter c, std::uint64_t n) {
  const std::uint64_t lo = c.lo + n;
  return {c.hi + (lo < n ? 1 : 0), lo};
}

struct Block {
  std::uint64_t x0 = 0;
  std::uint64_t x1 = 0;
};

__extension__ using Product = unsigned __int128;  // of two words

constexpr Block philox(Counter counter, std::uint64_t key) {
  constexpr std::uint64_t kMultiplier = 0xD2B74407B1CE6E93U;
  constexpr std::uint64_t kWeyl = 0x9E3779B97F4A7C15U;
  std::uint64_t a = counter.lo;
  std::uint64_t b = counter.hi;
  for (int round = 0; round < 10; ++round) {
    const auto product = static_cast<Product>(kMultiplier) * a;
    a = static_cast<std::uint64_t>(product >> 64) ^ key ^ b;
    b = static_cast<std::uint64_t>(product);
    key += kWeyl;
  }
  return {a, b};
}

// Word to the open unit interval, in [2^-64, 1 - 2^-53]. The one is added in double, after the conversion; several
// words share a value, so order by the double, never by the word.
constexpr double u01(std::uint64_t x) {
  const double u = (static_cast<double>(x) + 1.0) * 0x1p-64;
  return u == 1.0 ? 0x1.fffffffffffffp-1 : u;
}

}  // namespace placewright::rng
