// The mass of a cell by our own methods, as an integer (spec realism-model §2.1, §2.2, §3.1; docs/realism.md).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "contracts/policy_s2.hpp"
#include "geo/grid.hpp"
#include "mass/people.hpp"
#include "mass/stretch.hpp"

namespace placewright::mass {

// Orientation of a level, 0 to 1, and a preset at it: everyday * (metropolitan / everyday)^orientation.
inline double orientation_of(std::size_t level) { return static_cast<double>(level) / (kLevels - 1); }
double between(const contracts::Ends& ends, std::size_t level);
inline double blended(const contracts::Ends& ends, std::size_t level) {  // the same on a straight line
  return ends.everyday + (ends.metropolitan - ends.everyday) * orientation_of(level);
}

// People per km2 to eight significant bits, in 16384 steps from 2^-32 up; 0 is none. Codes ascend with the density, and
// a density multiplied by 2^k has the code kCodesPerOctave * k further on.
using DensityCode = std::uint16_t;
inline constexpr int kCodesPerOctave = 256, kCodeOctaves = 64;
DensityCode density_code(double per_km2);
// Middle of a step; defined for any step number, so also for codes moved by octaves. REQUIRES: step = code - 1.
double density_at(int step);

// Area of the cells of a raster row in whole square metres (north-up grids; a rotated one has its own for each cell).
class CellAreas {
 public:
  explicit CellAreas(const geo::Grid& grid);
  std::uint64_t m2(std::uint32_t row, std::uint32_t column) const {
    return rows_.empty() ? single(row, column) : rows_[row];
  }

 private:
  std::uint64_t single(std::uint32_t row, std::uint32_t column) const;
  geo::Grid grid_;
  std::vector<std::uint64_t> rows_;
};

//  lifelike: 2^15 * people * density / (density + half density of the level), cut to an integer, at least 1 where
//  people are: all five levels. Below the number of people times 2^15, so that no country's sum exceeds 2^46. balanced:
//  2^12 * km2 * (density + offset)^exponent with the density as its code has it; level 0 only.
class CellMass {
 public:
  explicit CellMass(const contracts::Masses& policy, CodePath path = best_path());
  double uncounted() const { return 1 - policy_.rural_weight; }  // share of a rural person that is no demand
  std::size_t levels() const { return policy_.method == contracts::MassMethod::lifelike_v1 ? kLevels : 1; }
  bool lifelike() const { return levels() == kLevels; }
  void add(const Stretch& stretch, StretchSums& sums) const;
  std::uint64_t at(std::size_t level, People demand, std::uint64_t area_m2) const;

 private:
  StretchSums one_by_one(const Stretch& stretch) const;

  contracts::Masses policy_;
  CodePath path_;
  LifelikeLaw law_;
  std::vector<double> by_code_;  // balanced: (density + offset)^exponent
};

}  // namespace placewright::mass
