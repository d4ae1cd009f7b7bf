#include "mass/catchment.hpp"

#include <algorithm>
#include <cmath>

#include "base/steady.hpp"

namespace placewright::mass {
namespace {

constexpr int kMostShift = 40;
constexpr int kLowestStep = kMostShift * kCodesPerOctave;
constexpr int kSteps = (kCodeOctaves + 2 * kMostShift) * kCodesPerOctave;
constexpr double kFactorUnit = 65536;

}  // namespace

Catchment::Catchment(const contracts::SpatialPps::Catchment& policy) : policy_(policy) {
  for (std::size_t level = 0; level < kLevels; ++level) {
    per_outlet_[level] = policy.km2 / between(policy.entry, level);
    const double fall = policy.entry_power + blended(policy.saturation, level);
    values_[level].reserve(kSteps);
    for (int step = -kLowestStep; step < kSteps - kLowestStep; ++step) {
      const double x = density_at(step);
      values_[level].push_back(steady::exp(policy.entry_power * steady::log(x) - fall * steady::log(1 + x)));
    }
  }
}

double Catchment::effective_outlets(std::int64_t outlets, double people) const {
  const auto own = static_cast<double>(outlets);
  const double trade = people / policy_.people_per_trade_outlet;
  if (outlets >= policy_.chain_outlets || trade <= own) return own;
  const double chain = steady::log(own) / steady::log(static_cast<double>(policy_.chain_outlets));  // 0 .. 1
  return steady::exp(chain * steady::log(own) + (1 - chain) * steady::log(trade));
}

int Catchment::shift(std::size_t level, std::int64_t outlets, double people) const {
  const double expected = per_outlet_[level] * effective_outlets(outlets, people) / people;
  int exponent = 0;
  const double mantissa = std::frexp(expected, &exponent);
  const int nearest = mantissa < 0.70710678118654752 ? exponent - 1 : exponent;
  return std::clamp(nearest, -kMostShift, kMostShift - 1);
}

double Catchment::value(std::size_t level, int step) const {
  return values_[level][static_cast<std::size_t>(step + kLowestStep)];
}

std::vector<std::uint32_t> Catchment::factors(std::size_t level, int shift,
                                              std::span<const DensityCode> present) const {
  std::vector<std::uint32_t> out(kCodeOctaves * kCodesPerOctave + 1, 1);
  const auto step_of = [&](DensityCode code) { return code - 1 + shift * kCodesPerOctave; };
  double largest = 0;
  for (const auto code : present)
    if (code > 0) largest = std::max(largest, value(level, step_of(code)));
  for (const auto code : present)
    if (code > 0)
      out[code] = std::max(1U, static_cast<std::uint32_t>(kFactorUnit * (value(level, step_of(code)) / largest)));
  return out;
}

}  // namespace placewright::mass
