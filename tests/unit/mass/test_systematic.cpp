#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "rng/streams.hpp"
#include "mass/systematic.hpp"

namespace placewright::mass {
namespace {

std::vector<std::uint64_t> counts_for(const std::vector<std::uint64_t>& masses, std::uint64_t mass, std::uint64_t start,
                                      std::uint64_t n) {
  std::vector<std::uint64_t> counts(masses.size());
  SystematicPoints points(start, mass, n);
  std::size_t tile = 0;
  std::uint64_t end = masses[0];
  for (std::uint64_t k = 0; k < n; ++k, points.next()) {
    while (points.point() >= end) end += masses[++tile];
    ++counts[tile];
  }
  return counts;
}

TEST(Systematic, OverAllStartsTheExpectationIsExact) {
  std::mt19937_64 draw(11);
  for (int world = 0; world < 200; ++world) {
    std::vector<std::uint64_t> masses(1 + draw() % 9);
    std::uint64_t mass = 0;
    for (auto& m : masses) mass += m = draw() % 40;
    if (mass == 0) continue;
    const auto n = 1 + draw() % 25;
    std::vector<std::uint64_t> sums(masses.size());
    for (std::uint64_t start = 0; start < mass; ++start) {
      const auto counts = counts_for(masses, mass, start, n);
      std::uint64_t total = 0;
      for (std::size_t i = 0; i < masses.size(); ++i) {
        total += counts[i];
        sums[i] += counts[i];
        EXPECT_GE(counts[i], n * masses[i] / mass);
        EXPECT_LE(counts[i], (n * masses[i] + mass - 1) / mass);
      }
      ASSERT_EQ(total, n);
    }
    for (std::size_t i = 0; i < masses.size(); ++i) EXPECT_EQ(sums[i], n * masses[i]);
  }
}

TEST(Systematic, TheExampleOfTheMethod) {
  std::uint64_t ones = 0, twos = 0;
  for (std::uint64_t start = 0; start < 1000; ++start) {
    const auto counts = counts_for({455, 545}, 1000, start, 3);
    ones += counts[0] == 1;
    twos += counts[0] == 2;
  }
  EXPECT_EQ(ones, 635U);
  EXPECT_EQ(twos, 365U);
}

TEST(Systematic, PointsOfTheLargestMassDoNotOverflow) {
  const std::uint64_t mass = (std::uint64_t{1} << 63) - 1;
  SystematicPoints points(mass - 1, mass, 7);
  std::uint64_t before = 0;
  for (int k = 0; k < 7; ++k, points.next()) {
    EXPECT_LT(points.point(), mass);
    EXPECT_GE(points.point(), before);
    before = points.point();
  }
  EXPECT_EQ(before, mass - 1);
}

TEST(Systematic, StartsDependOnThePairAloneAndFillTheMass) {
  const auto master = rng::method_master("spatial_pps_v1", 42);
  const auto de = *Iso::parse("DE"), fr = *Iso::parse("FR");
  EXPECT_EQ(start_of(master, 7, de, 1000), start_of(master, 7, de, 1000));
  EXPECT_NE(start_of(master, 7, de, 1'000'000'007), start_of(master, 7, fr, 1'000'000'007));
  EXPECT_NE(start_of(master, 7, de, 1'000'000'007),
            start_of(rng::method_master("spatial_pps_v1", 43), 7, de, 1'000'000'007));
  std::vector<int> seen(8);
  for (MerchantId merchant = 1; merchant <= 8000; ++merchant) ++seen[start_of(master, merchant, de, 8)];
  for (const int count : seen) EXPECT_NEAR(count, 1000, 150);  // five standard deviations
}

}  // namespace
}  // namespace placewright::mass
