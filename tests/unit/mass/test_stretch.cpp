// Four cells at a time weigh what they weigh one by one, to the bit.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <random>

#include "mass/law.hpp"

namespace placewright::mass {
namespace {

constexpr float kAlmostTooMany = 0x1.fffffep29F;  // the float below 2^30

contracts::Masses policy(double rural_weight, contracts::Ends half_density) {
  contracts::Masses out;
  out.method = contracts::MassMethod::lifelike_v1;
  out.rural_weight = rural_weight;
  out.half_density = half_density;
  return out;
}

void expect_equal(const StretchSums& a, const StretchSums& b) {
  EXPECT_EQ(a.people, b.people);
  EXPECT_EQ(a.demand, b.demand);
  EXPECT_EQ(a.mass, b.mass);
}

// One count of people: none, a sliver of one, a village, a crowded block, or what no cell can hold.
float some_people(std::mt19937_64& draw) {
  constexpr std::array<float, 8> kExact = {
      0.0F, -0.0F, std::numeric_limits<float>::denorm_min(), 0x1p-21F, 0x1p-20F, 1.0F, kAlmostTooMany, 0x1p30F};
  if (draw() % 5 == 0) return kExact[draw() % kExact.size()];
  return std::ldexp(static_cast<float>(draw() % 0xffffff), static_cast<int>(draw() % 32) - 40);
}

class CodePaths : public testing::Test {
 protected:
  void SetUp() override {
    if (best_path() == CodePath::plain) GTEST_SKIP() << "this processor has no AVX2";
  }
};

TEST_F(CodePaths, WeighAlike) {
  std::mt19937_64 draw(11);
  for (const double rural_weight : {0.0, 0.1, 1.0}) {
    for (const contracts::Ends ends : {contracts::Ends{100, 1500}, contracts::Ends{0.001, 1e6}}) {
      const CellMass plain(policy(rural_weight, ends), CodePath::plain),
          wide(policy(rural_weight, ends), CodePath::avx2);
      for (int round = 0; round < 20'000; ++round) {
        std::array<float, kStretch> people{}, rural{};
        for (auto& cell : people) cell = some_people(draw);
        for (auto& cell : rural) cell = draw() % 3 == 0 ? people[0] : some_people(draw);
        const Stretch stretch{people.data(), round % 2 == 0 ? rural.data() : nullptr,
                              static_cast<std::uint32_t>(1 + draw() % kStretch), draw() % 900'000};
        StretchSums singly, together;
        plain.add(stretch, singly);
        wide.add(stretch, together);
        expect_equal(singly, together);
        if (HasFailure()) return;
      }
    }
  }
}

TEST_F(CodePaths, LeaveWhatDoublesDoNotAddExactlyToTheOther) {
  std::array<float, kStretch> people{};
  people[3] = 0x1p30F;
  StretchSums sums;
  EXPECT_FALSE(sum_with_avx2({people.data(), nullptr, kStretch, 700'000}, {}, sums));
  people[3] = kAlmostTooMany;
  EXPECT_TRUE(sum_with_avx2({people.data(), nullptr, kStretch, 700'000}, {}, sums));
  EXPECT_TRUE(sum_with_avx2({people.data(), nullptr, 3, 700'000}, {}, sums));
  EXPECT_EQ(sums.people, 0U);
}

// The sum of a stretch is that of its cells, each as S4 asks for it.
TEST(CellMass, OfAStretchIsThatOfItsCells) {
  std::mt19937_64 draw(3);
  for (const auto method : {contracts::MassMethod::lifelike_v1, contracts::MassMethod::balanced_v1}) {
    auto masses = policy(0.1, {100, 1500});
    masses.method = method;
    masses.density_offset = 50;
    masses.density_exponent = 0.6;
    const CellMass law(masses);
    for (int round = 0; round < 2000; ++round) {
      std::array<float, kStretch> people{}, rural{};
      for (auto& cell : people) cell = some_people(draw);
      for (auto& cell : rural) cell = some_people(draw);
      StretchSums sums, cells;
      law.add({people.data(), rural.data(), kStretch, 700'000}, sums);
      for (std::size_t i = 0; i < kStretch; ++i) {
        const auto all = people_units(people[i]), demand = demand_units(all, rural[i], law.uncounted());
        cells.people += all;
        cells.demand += demand;
        for (std::size_t level = 0; level < kLevels; ++level) cells.mass[level] += law.at(level, demand, 700'000);
      }
      expect_equal(sums, cells);
      if (HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace placewright::mass
