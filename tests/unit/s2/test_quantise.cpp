#include "states/s2_weights/quantise.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "states/s2_weights/pairwise.hpp"

namespace placewright::states::s2_weights {
namespace {

const Iso kIso = *Iso::parse("DE");

contracts::PolicyS2 policy(contracts::Basis basis, int dp) {
  contracts::PolicyS2 out;
  out.basis = basis;
  out.dp = dp;
  return out;
}

Components components(const std::vector<double>& area, const std::vector<double>& people) {
  Components out;
  out.tiles = area.size();
  out.area.resize(1);
  out.people.resize(1);
  for (const double a : area) out.area[0].add(a, 1);
  for (const double p : people) out.people[0].add(p, 1);
  out.area_sum = pairwise_sum(area);
  out.people_sum = pairwise_sum(people);
  return out;
}

struct Answer {
  Weighing weighing;
  std::vector<std::int64_t> weights;
};

Result<Answer> weigh_tiles(const Components& c, const contracts::PolicyS2& p) {
  Masses masses(p, c);
  Answer out;
  PW_TRY(out.weighing, weigh(kIso, masses, p));
  const auto take = [&](std::uint64_t length, std::int64_t weight) -> Result<void> {
    out.weights.insert(out.weights.end(), length, weight);
    return {};
  };
  PW_CHECK(for_each_weight(kIso, masses, out.weighing, take));
  return out;
}

TEST(Quantise, GivesTheMissingUnitToTheLargestResidue) {
  const auto answer = weigh_tiles(components({10, 12}, {0, 0}), policy(contracts::Basis::area_m2, 3));
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(answer->weights, (std::vector<std::int64_t>{455, 545}));
  EXPECT_EQ(answer->weighing.bumps, 1);
  EXPECT_EQ(answer->weighing.mass_sum, 22);
}

TEST(Quantise, FollowsBinary64NoiseWhereResiduesAreMathematicallyEqual) {
  auto p = policy(contracts::Basis::area_m2, 2);
  p.blend.enabled = true;
  p.blend.uniform = 0.42;
  p.blend.area_m2 = 0.58;
  const auto answer = weigh_tiles(components({.60, .60, .50, .50, .70}, {0, 0, 0, 0, 0}), p);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->weights, (std::vector<std::int64_t>{20, 20, 19, 19, 22}));
  EXPECT_EQ(answer->weighing.total, 0.9999999999999998);
  EXPECT_EQ(answer->weighing.bumps, 2);
}

TEST(Quantise, LetsTheLowestTilesWinAmongEqualResidues) {
  const auto answer = weigh_tiles(components({1, 1, 1}, {0, 0, 0}), policy(contracts::Basis::uniform, 1));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->weights, (std::vector<std::int64_t>{4, 3, 3}));
}

TEST(Quantise, WeighsTilesOfACountryWithoutPeopleAlike) {
  const auto answer = weigh_tiles(components({1, 1, 1, 1}, {0, 0, 0, 0}), policy(contracts::Basis::population, 2));
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->weighing.fallback);
  EXPECT_EQ(answer->weighing.mass_sum, 0);
  EXPECT_EQ(answer->weights, (std::vector<std::int64_t>{25, 25, 25, 25}));
}

TEST(Quantise, RefusesNegativeAndInfiniteMasses) {
  for (const double bad : {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    const auto answer = weigh_tiles(components({1, 1, 1}, {5, bad, 2}), policy(contracts::Basis::population, 2));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), "E105_NORMALIZATION");
    EXPECT_EQ(answer.error().facts()[0].second, "\"invalid_mass_domain\"");
  }
}

TEST(Quantise, RefusesASumOfMassesThatOverflows) {
  const auto answer = weigh_tiles(components({1, 1, 1}, {1e308, 1e308, 1e308}), policy(contracts::Basis::population, 2));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().facts()[0].second, "\"invalid_shortfall\"");
}

// The law as it is written, one tile at a time.
std::vector<std::int64_t> naive_weights(const std::vector<double>& mass, std::int64_t units) {
  const double total = pairwise_sum(mass);
  std::vector<std::int64_t> weights;
  std::vector<double> residues;
  for (const double m : mass) {
    const double q = m * static_cast<double>(units) / total;
    weights.push_back(static_cast<std::int64_t>(std::floor(q)));
    residues.push_back(q - static_cast<double>(weights.back()));
  }
  std::vector<std::size_t> order(mass.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](auto a, auto b) { return residues[a] > residues[b]; });
  const auto short_of = units - std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  for (std::int64_t i = 0; i < short_of; ++i) ++weights[order[static_cast<std::size_t>(i)]];
  return weights;
}

TEST(Quantise, AgreesWithTheLawTileByTileOnRandomCountries) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 600; ++round) {
    const auto tiles = 1 + random() % 400;
    std::vector<double> people;
    while (people.size() < tiles) {
      const double value = random() % 3 == 0 ? 0.0 : static_cast<double>(random() % 50) * (random() % 2 == 0 ? 1.0 : 0.37);
      people.insert(people.end(), std::min<std::size_t>(tiles - people.size(), 1 + random() % 9), value);
    }
    people[random() % tiles] += 1;
    auto p = policy(contracts::Basis::population, static_cast<int>(random() % 9));
    const auto answer = weigh_tiles(components(std::vector<double>(tiles, 1.0), people), p);
    ASSERT_TRUE(answer) << answer.error().message();
    EXPECT_EQ(answer->weights, naive_weights(people, p.units())) << "round " << round;
  }
}

TEST(BlendLaw, MixesNormalisedComponentsInTheOrderOfTheReference) {
  auto p = policy(contracts::Basis::area_m2, 6);
  p.blend.enabled = true;
  p.blend.uniform = 0.3;
  p.blend.area_m2 = 0.25;
  p.blend.population = 0.45;
  const auto c = components({2, 3, 5}, {0, 1, 6});
  EXPECT_EQ(BlendLaw(p.blend, c).mass(3, 1), (0.3 * (1.0 / 3) + 0.25 * (3.0 / 10)) + 0.45 * (1.0 / 7));
  const auto empty = components({2, 3, 5}, {0, 0, 0});
  EXPECT_EQ(BlendLaw(p.blend, empty).mass(3, 0), (0.3 * (1.0 / 3) + 0.25 * (3.0 / 10)) + 0.45 * (1.0 / 3));
}

}  // namespace
}  // namespace placewright::states::s2_weights
