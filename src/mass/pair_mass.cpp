#include "mass/pair_mass.hpp"

#include <algorithm>
#include <numeric>

namespace placewright::mass {
namespace {

PairMass cumulate(const CountryMasses& country, std::size_t level, std::vector<std::uint32_t> factors) {
  PairMass out;
  out.factors = std::move(factors);
  const auto& mass = country.blocks.mass[level];
  out.before.reserve(mass.size() + 1);
  std::uint64_t sum = 0;
  for (std::size_t b = 0; b < mass.size(); ++b) {
    out.before.push_back(sum);
    sum += static_cast<std::uint64_t>(mass[b]) * out.factors[b];
  }
  out.before.push_back(sum);
  return out;
}

}  // namespace

std::vector<DensityCode> density_codes(const CountryMasses& country) {
  std::vector<bool> there(kCodeOctaves * kCodesPerOctave + 1);
  for (const auto code : country.blocks.density) there[static_cast<DensityCode>(code)] = true;
  std::vector<DensityCode> codes;
  for (std::size_t code = 0; code < there.size(); ++code)
    if (there[code]) codes.push_back(static_cast<DensityCode>(code));
  return codes;
}

PairMass catchment_mass(const CountryMasses& country, std::span<const DensityCode> codes, const Catchment& catchment,
                        std::size_t level, int shift) {
  std::vector<std::uint32_t> factors(country.blocks.size(), 1);
  if (!country.by_area) {
    const auto by_code = catchment.factors(level, shift, codes);
    std::ranges::transform(country.blocks.density, factors.begin(),
                           [&](std::int64_t code) { return by_code[static_cast<DensityCode>(code)]; });
  }
  return cumulate(country, level, std::move(factors));
}

PairMass support_mass(const CountryMasses& country, double km2) {
  const auto& blocks = country.blocks;
  std::vector<std::size_t> order(blocks.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t b) { return blocks.density[b]; });
  std::vector<std::uint32_t> factors(blocks.size(), km2 > 0 ? 0 : 1);
  std::uint64_t area = 0;
  for (std::size_t i = 0; i < order.size() && static_cast<double>(area) < km2 * 1e6; ++i) {
    factors[order[i]] = 1;
    area += static_cast<std::uint64_t>(blocks.area_m2[order[i]]);
  }
  return cumulate(country, 0, std::move(factors));
}

}  // namespace placewright::mass
