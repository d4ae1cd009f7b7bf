// Systematic sampling with probability proportional to size (Madow 1949): n points one mass-n-th apart from a drawn
// start.
#pragma once

#include <cstdint>

#include "base/ids.hpp"
#include "hash/sha256.hpp"

namespace placewright::mass {

inline constexpr auto kSpatialPps = "spatial_pps_v1";  // the method whose master keys its draws

// A start U, uniform in [0, mass), from the pair's own stream and nothing else: the first word of its Philox blocks
// that lies below the largest multiple of `mass`. REQUIRES: 0 < mass <= 2^63.
std::uint64_t start_of(const hash::Digest& master, MerchantId merchant, Iso country, std::uint64_t mass);

// The points floor((U + k * mass) / n), k = 0 .. n - 1, ascending, without a wide product.
class SystematicPoints {
 public:
  SystematicPoints(std::uint64_t start, std::uint64_t mass, std::uint64_t n)
      : n_(n), step_(mass / n), step_rest_(mass % n), point_(start / n), rest_(start % n) {}
  std::uint64_t point() const { return point_; }
  void next() {
    point_ += step_;
    rest_ += step_rest_;
    if (rest_ >= n_) {
      rest_ -= n_;
      ++point_;
    }
  }

 private:
  std::uint64_t n_, step_, step_rest_, point_, rest_;
};

}  // namespace placewright::mass
