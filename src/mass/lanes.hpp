// The lifelike masses of eight cells, four at a time, on processors that can. What it computes is CellMass::add one by
// one, to the bit: every step is an exact integer in a double or the same IEEE operation.
#pragma once

#include <array>
#include <cstdint>

#include "mass/people.hpp"

namespace placewright::mass {

inline constexpr std::uint32_t kStretch = 8;

// Values of 1 to kStretch cells side by side, all of one area.
struct Stretch {
  const float* people = nullptr;
  const float* rural = nullptr;  // null where no such raster is known
  std::uint32_t cells = 0;
  std::uint64_t area_m2 = 0;
};

// `four` needs AVX2.
enum class Lanes { one, four };
Lanes widest_lanes();

struct LifelikeLaw {
  std::array<double, 5> half{};  // people per m2 * 2^20, by level
  double uncounted = 0, scale = 0;
};

struct StretchSums {
  std::uint64_t people = 0, demand = 0;
  std::array<std::uint64_t, 5> mass{};
};

// Whether the sums were made: not for counts of 2^30 and more in a cell, which doubles do not add exactly.
// REQUIRES: widest_lanes() == Lanes::four.
bool sum_four_lanes(const Stretch& stretch, const LifelikeLaw& law, StretchSums& sums);

}  // namespace placewright::mass
