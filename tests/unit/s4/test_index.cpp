#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "small_country.hpp"
#include "states/s4_allocation/index.hpp"

namespace placewright::states::s4_allocation {
namespace {

TEST(WeightIndex, OrdersTilesByWeightThenTile) {
  const WeightIndex index(weights_of({1, 5, 5, 0, 1, 5}, 1));
  std::vector<std::uint64_t> order;
  for (Rank rank = 0; rank < index.tiles(); ++rank) order.push_back(index.position_of(rank));
  EXPECT_EQ(order, (std::vector<std::uint64_t>{1, 2, 5, 0, 4, 3}));
}

TEST(WeightIndex, AnswersSelectAndCountLikeAListOfTiles) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::int64_t> weights;
    for (std::size_t runs = 1 + random() % 30; runs > 0; --runs) {
      weights.insert(weights.end(), 1 + random() % (round % 2 == 0 ? 1 : 6), static_cast<std::int64_t>(random() % 5));
    }
    const WeightIndex index(weights_of(weights, 6));
    for (const auto& group : index.groups()) {
      std::vector<std::uint64_t> tiles;
      for (std::size_t i = 0; i < weights.size(); ++i) {
        ASSERT_EQ(index.count_below(group, i), tiles.size());
        if (weights[i] == group.weight) tiles.push_back(i);
      }
      ASSERT_EQ(index.count_below(group, weights.size()), group.size);
      ASSERT_EQ(tiles.size(), group.size);
      for (std::size_t j = 0; j < tiles.size(); ++j) ASSERT_EQ(index.select(group, j), tiles[j]);
    }
  }
}

TEST(WeightIndex, TakesAWeightOfItsOwnForEveryTile) {
  datasets::CountryWeights weights;
  constexpr std::uint64_t kTiles = 300'000;
  for (std::uint64_t i = 0; i < kTiles; ++i)
    weights.runs.push_back({i, 1, static_cast<std::int64_t>(i * 7919 % kTiles)});
  const WeightIndex index(weights);
  EXPECT_EQ(index.groups().size(), kTiles);
  EXPECT_EQ(weights.runs[index.position_of(0)].weight, static_cast<std::int64_t>(kTiles - 1));
  EXPECT_EQ(weights.runs[index.position_of(kTiles - 1)].weight, 0);
}

}  // namespace
}  // namespace placewright::states::s4_allocation
