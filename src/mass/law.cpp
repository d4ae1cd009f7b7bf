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

// `away`: people at half the mass, on the cell's area.
std::uint64_t lifelike_mass(double people, double away) {
  return people > 0 ? whole(people * people / (people + away) * kLifelikeScale) : 0;
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

CellMass::CellMass(const contracts::Masses& policy, CodePath path) : policy_(policy), path_(path) {
  for (std::size_t level = 0; level < kLevels; ++level)
    law_.half[level] = between(policy.half_density, level) * kPeopleUnit / 1e6;
  law_.uncounted = uncounted();
  law_.scale = kLifelikeScale;
  if (lifelike()) return;
  by_code_.push_back(steady::pow(std::max(policy.density_offset, 1e-9), policy.density_exponent));
  for (int step = 0; step < kCodeOctaves * kCodesPerOctave; ++step) {
    by_code_.push_back(steady::pow(density_at(step) + policy.density_offset, policy.density_exponent));
  }
}

std::uint64_t CellMass::at(std::size_t level, People demand, std::uint64_t area_m2) const {
  const auto area = static_cast<double>(area_m2), people = static_cast<double>(static_cast<std::int64_t>(demand));
  if (lifelike()) return lifelike_mass(people, law_.half[level] * area);
  return level > 0 ? 0 : whole(area * by_code_[density_code(people / kPeopleUnit / (area / 1e6))] * kBalancedScale);
}

void CellMass::add(const Stretch& stretch, StretchSums& sums) const {
  StretchSums found;
  const bool wide = path_ == CodePath::avx2 && lifelike() && stretch.cells > 1;
  if (!wide || !sum_with_avx2(stretch, law_, found)) found = one_by_one(stretch);
  sums.people += found.people;
  sums.demand += found.demand;
  for (std::size_t level = 0; level < kLevels; ++level) sums.mass[level] += found.mass[level];
}

StretchSums CellMass::one_by_one(const Stretch& stretch) const {
  StretchSums sums;
  std::array<double, kStretch> demand;
  for (std::uint32_t i = 0; i < stretch.cells; ++i) {
    const auto* rural = stretch.rural == nullptr ? nullptr : stretch.rural + i;
    const auto [people, here] = count_of(stretch.people[i], rural, law_.uncounted);
    sums.people += people;
    sums.demand += here;
    demand[i] = static_cast<double>(static_cast<std::int64_t>(here));
    if (!lifelike()) sums.mass[0] += at(0, here, stretch.area_m2);
  }
  if (!lifelike() || sums.demand == 0) return sums;
  for (std::size_t level = 0; level < kLevels; ++level) {
    const double away = law_.half[level] * static_cast<double>(stretch.area_m2);
    for (std::uint32_t i = 0; i < stretch.cells; ++i) sums.mass[level] += lifelike_mass(demand[i], away);
  }
  return sums;
}

}  // namespace placewright::mass
