#include "mass/law.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/steady.hpp"
#include "geo/area.hpp"

namespace placewright::mass {
namespace {

constexpr double kLifelikeScale = 0x1p15 / kPeopleUnit;  // from people units
constexpr double kBalancedScale = 0x1p12 / 1e6;          // from square metres
constexpr int kLowestExponent = -32;

// Through a signed integer, which processors convert to in one step.
std::uint64_t whole(double mass) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(1, static_cast<std::int64_t>(mass)));
}

}  // namespace

double between(const contracts::Ends& ends, std::size_t level) {
  if (level == 0) return ends.everyday;
  if (level == kLevels - 1) return ends.metropolitan;
  return ends.everyday * steady::pow(ends.metropolitan / ends.everyday, orientation_of(level));
}

// Exponent and the first eight bits of the mantissa lie side by side in a double.
DensityCode density_code(double per_km2) {
  if (!(per_km2 > 0)) return 0;
  constexpr std::int64_t kLowestStep = std::int64_t{1023 + kLowestExponent} * kCodesPerOctave;
  const auto step = static_cast<std::int64_t>(std::bit_cast<std::uint64_t>(per_km2) >> 44) - kLowestStep;
  return static_cast<DensityCode>(1 + std::clamp<std::int64_t>(step, 0, kCodeOctaves * kCodesPerOctave - 1));
}

double density_at(int step) {
  const int octave = static_cast<int>(std::floor(static_cast<double>(step) / kCodesPerOctave));
  const int within = step - octave * kCodesPerOctave;
  return std::ldexp(1 + (within + 0.5) / kCodesPerOctave, octave + kLowestExponent);
}

CellAreas::CellAreas(const geo::Grid& grid) : grid_(grid) {
  if (grid.rotated()) return;
  for (const double area : geo::row_areas(grid)) rows_.push_back(static_cast<std::uint64_t>(area + 0.5));
}

std::uint64_t CellAreas::single(std::uint32_t row, std::uint32_t column) const {
  return static_cast<std::uint64_t>(geo::cell_area(grid_, row, column) + 0.5);
}

CellMass::CellMass(const contracts::Masses& policy) : policy_(policy) {
  for (std::size_t level = 0; level < kLevels; ++level)
    half_[level] = between(policy.half_density, level) * kPeopleUnit / 1e6;
  if (lifelike()) return;
  by_code_.push_back(steady::pow(std::max(policy.density_offset, 1e-9), policy.density_exponent));
  for (int step = 0; step < kCodeOctaves * kCodesPerOctave; ++step) {
    by_code_.push_back(steady::pow(density_at(step) + policy.density_offset, policy.density_exponent));
  }
}

std::uint64_t CellMass::at(std::size_t level, People demand, std::uint64_t area_m2) const {
  LevelMasses sums{};
  add_level(level, std::span(&demand, 1), static_cast<double>(area_m2), 1, sums);
  return sums[level];
}

void CellMass::add(std::span<const People> demand, std::uint64_t area_m2, std::uint64_t times,
                   LevelMasses& sums) const {
  for (std::size_t level = 0; level < levels(); ++level)
    add_level(level, demand, static_cast<double>(area_m2), times, sums);
}

void CellMass::add_level(std::size_t level, std::span<const People> demand, double area, std::uint64_t times,
                         LevelMasses& sums) const {
  std::uint64_t sum = 0;
  const double away = half_[level] * area;
  for (const auto units : demand) {
    const auto people = static_cast<double>(static_cast<std::int64_t>(units));
    if (!lifelike())
      sum += whole(area * by_code_[density_code(people / kPeopleUnit / (area / 1e6))] * kBalancedScale);
    else if (units > 0)
      sum += whole(people * people / (people + away) * kLifelikeScale);
  }
  sums[level] += sum * times;
}

}  // namespace placewright::mass
