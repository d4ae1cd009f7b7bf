#include "states/s2_weights/pairwise.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

#include "states/s2_weights/mass.hpp"

namespace placewright::states::s2_weights {
namespace {

// The recursion of the law, over one double a tile.
double naive_sum(const double* a, std::size_t n) {
  if (n < 8) {
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) sum += a[i];
    return sum;
  }
  if (n <= 128) {
    double r[8];
    for (std::size_t j = 0; j < 8; ++j) r[j] = a[j];
    std::size_t i = 8;
    for (; i < n - n % 8; i += 8) {
      for (std::size_t j = 0; j < 8; ++j) r[j] += a[i + j];
    }
    double sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    for (; i < n; ++i) sum += a[i];
    return sum;
  }
  std::size_t half = n / 2;
  half -= half % 8;
  return naive_sum(a, half) + naive_sum(a + half, n - half);
}

std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }

double sum_of(const std::vector<Runs>& pieces, std::uint64_t n) {
  RunCursor cursor(pieces);
  return pairwise_sum(cursor, n);
}

TEST(PairwiseSum, OfRunsEqualsTheSumOfSingleValuesToTheLastBit) {
  std::mt19937_64 random(20260101);
  std::uniform_real_distribution<double> value(0.0, 1e9);
  for (int round = 0; round < 400; ++round) {
    std::vector<Runs> pieces(1 + random() % 3);
    std::vector<double> expanded;
    const std::uint64_t longest = round % 3 == 0 ? 3 : round % 3 == 1 ? 200 : 5000;
    for (auto& piece : pieces) {
      for (std::uint64_t runs = random() % 60; runs > 0; --runs) {
        const double v = random() % 4 == 0 ? 0.0 : value(random);
        const auto length = 1 + random() % longest;
        piece.add(v, length);
        expanded.insert(expanded.end(), length, v);
      }
    }
    const auto n = expanded.size();
    EXPECT_EQ(bits(sum_of(pieces, n)), bits(naive_sum(expanded.data(), n))) << "round " << round << ", n " << n;
    EXPECT_EQ(bits(pairwise_sum(expanded)), bits(naive_sum(expanded.data(), n)));
  }
}

TEST(PairwiseSum, OfOneConstantEqualsTheSumOfItsCopies) {
  for (const std::size_t n : {1, 7, 8, 9, 127, 128, 129, 255, 1000, 1023, 4097, 99'991}) {
    const std::vector<double> copies(n, 0.1);
    std::vector<Runs> pieces(1);
    pieces[0].add(0.1, n);
    EXPECT_EQ(bits(sum_of(pieces, n)), bits(naive_sum(copies.data(), n))) << n;
  }
}

TEST(PairwiseSum, OfFortyTwoMillionEqualTilesNeedsNoListOfThem) {
  std::vector<Runs> pieces(1);
  pieces[0].add(1.0, 42'177'482);
  EXPECT_EQ(sum_of(pieces, 42'177'482), 42'177'482.0);
}

TEST(Runs, HoldEqualNeighboursOnce) {
  Runs runs;
  runs.add(1.5, 3);
  runs.add(1.5, 4'294'967'295ULL);
  runs.add(2.5, 1);
  EXPECT_EQ(runs.tiles(), 4'294'967'299ULL);
  ASSERT_EQ(runs.count(), 3U);
  EXPECT_EQ(std::uint64_t{runs.lengths()[0]} + runs.lengths()[1], 4'294'967'298ULL);
}

TEST(Share, OfAnUnusableSumIsEqualForAll) {
  EXPECT_EQ((Share{0, 4}(7)), 0.25);
  EXPECT_EQ((Share{INFINITY, 4}(7)), 0.25);
  EXPECT_EQ((Share{14, 4}(7)), 0.5);
}

}  // namespace
}  // namespace placewright::states::s2_weights
