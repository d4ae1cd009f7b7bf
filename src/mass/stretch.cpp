#include "mass/stretch.hpp"

#include <algorithm>

#if defined(__x86_64__)
#include <immintrin.h>

namespace placewright::mass {
namespace {

#define PW_AVX2 __attribute__((target("avx2"))) inline

constexpr float kMostExact = 0x1p30F;

PW_AVX2 __m256d cut(__m256d values) { return _mm256_round_pd(values, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC); }

PW_AVX2 __m256d units_of(__m128 people) {  // people_units
  const auto units = _mm256_mul_pd(_mm256_cvtps_pd(people), _mm256_set1_pd(kPeopleUnit));
  return cut(_mm256_add_pd(units, _mm256_set1_pd(0.5)));
}

PW_AVX2 __m256d demand_of(__m256d people, __m128 rural, double uncounted) {  // demand_units
  const auto away = cut(_mm256_mul_pd(units_of(rural), _mm256_set1_pd(uncounted)));
  return _mm256_max_pd(_mm256_sub_pd(people, away), _mm256_setzero_pd());
}

// The second operand is what a maximum gives for a NaN: nobody on no area.
PW_AVX2 __m256d mass_of(__m256d demand, double away, double scale) {
  const auto square = _mm256_mul_pd(demand, demand);
  const auto share = _mm256_div_pd(square, _mm256_add_pd(demand, _mm256_set1_pd(away)));
  const auto somebody = _mm256_cmp_pd(demand, _mm256_setzero_pd(), _CMP_GT_OQ);
  const auto least = _mm256_and_pd(somebody, _mm256_set1_pd(1.0));
  return _mm256_max_pd(cut(_mm256_mul_pd(share, _mm256_set1_pd(scale))), least);
}

PW_AVX2 std::uint64_t sum_of(__m256d values) {
  const auto pairs = _mm_add_pd(_mm256_castpd256_pd128(values), _mm256_extractf128_pd(values, 1));
  return static_cast<std::uint64_t>(_mm_cvttsd_si64(_mm_add_sd(pairs, _mm_unpackhi_pd(pairs, pairs))));
}

}  // namespace

CodePath best_path() { return __builtin_cpu_supports("avx2") != 0 ? CodePath::avx2 : CodePath::plain; }

__attribute__((target("avx2"))) bool sum_with_avx2(const Stretch& stretch, const LifelikeLaw& law, StretchSums& sums) {
  std::array<float, kStretch> people{}, rural{};
  std::copy_n(stretch.people, stretch.cells, people.begin());
  if (stretch.rural != nullptr) std::copy_n(stretch.rural, stretch.cells, rural.begin());
  const auto all = _mm256_loadu_ps(people.data()), scattered = _mm256_loadu_ps(rural.data());
  const auto large = _mm256_cmp_ps(_mm256_max_ps(all, scattered), _mm256_set1_ps(kMostExact), _CMP_GE_OQ);
  if (_mm256_movemask_ps(large) != 0) return false;
  const auto west = units_of(_mm256_castps256_ps128(all)), east = units_of(_mm256_extractf128_ps(all, 1));
  const auto west_demand = demand_of(west, _mm256_castps256_ps128(scattered), law.uncounted);
  const auto east_demand = demand_of(east, _mm256_extractf128_ps(scattered, 1), law.uncounted);
  sums.people = sum_of(_mm256_add_pd(west, east));
  sums.demand = sum_of(_mm256_add_pd(west_demand, east_demand));
  for (std::size_t level = 0; level < law.half.size(); ++level) {
    const double away = law.half[level] * static_cast<double>(stretch.area_m2);
    sums.mass[level] =
        sum_of(_mm256_add_pd(mass_of(west_demand, away, law.scale), mass_of(east_demand, away, law.scale)));
  }
  return true;
}

}  // namespace placewright::mass

#else

namespace placewright::mass {

CodePath best_path() { return CodePath::plain; }
bool sum_with_avx2(const Stretch&, const LifelikeLaw&, StretchSums&) { return false; }

}  // namespace placewright::mass

#endif
