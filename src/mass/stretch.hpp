// The lifelike masses of eight cells, four at a time, on processors that can. What it computes is CellMass::add one by
// one, to the bit: every step is an exact integer in a double or the same IEEE operation.
#pragma once

#include <array>
#include <cstdint>

#include "contracts/policy_s2.hpp"
#include "mass/people.hpp"

namespace placewright::mass {

inline constexpr std::size_t kLevels = contracts::kOrientationLevels;
using LevelMasses = std::array<std::uint64_t, kLevels>;

inline constexpr std::uint32_t kStretch = 8;

// Values of 1 to kStretch cells side by side, all of one area.
struct Stretch {
  const float* people = nullptr;
  const float* rural = nullptr;  // null where no such raster is known
  std::uint32_t cells = 0;
  std::uint64_t area_m2 = 0;
};

// Code paths of equal results; `avx2` needs a processor that has it, and is taken where it is there.
enum class CodePath { plain, avx2 };
CodePath best_path();

struct LifelikeLaw {
  std::array<double, kLevels> half{};  // people per m2 * 2^20, by level
  double uncounted = 0, scale = 0;
};

struct StretchSums {
  std::uint64_t people = 0, demand = 0;
  LevelMasses mass{};
};

// Whether the sums were made: not for counts of 2^30 and more in a cell, which doubles do not add exactly.
// REQUIRES: best_path() == CodePath::avx2.
bool sum_with_avx2(const Stretch& stretch, const LifelikeLaw& law, StretchSums& sums);

}  // namespace placewright::mass
