#include <gtest/gtest.h>

#include <cmath>

#include "realism/bootstrap.hpp"
#include "realism/metrics.hpp"
#include "realism/statistics.hpp"

namespace placewright::realism {
namespace {

TEST(Statistics, ThePinningExamplesOfTheSpecHold) {
  EXPECT_DOUBLE_EQ(gini(std::vector<std::uint64_t>{5, 3, 1, 1}), 0.35);
  EXPECT_DOUBLE_EQ(top_fraction_share(std::vector<std::uint64_t>{5, 3, 1, 1}, 0.10), 0.5);
  EXPECT_EQ(quantile(std::vector<double>{0, 1, 2, 10}, 0.99), 9.759999999999998);
}

TEST(Statistics, TopGroupsAreIntegerCeilingsForEveryNumberOfCountries) {
  for (std::uint64_t n = 1; n < 400; ++n) {
    EXPECT_EQ(top_group(n, 0.01), (n + 99) / 100);
    EXPECT_EQ(top_group(n, 0.05), (n + 19) / 20);
    EXPECT_EQ(top_group(n, 0.10), (n + 9) / 10);
  }
}

TEST(Statistics, NothingHasNoConcentration) {
  EXPECT_EQ(gini(std::vector<std::uint64_t>{}), 0);
  EXPECT_EQ(top_fraction_share(std::vector<std::uint64_t>{}, 0.01), 0);
  EXPECT_EQ(quantile({}, 0.5), 0);
}

TEST(Statistics, FloorsOfAPairInACountryOfNinetyTiles) {
  EXPECT_DOUBLE_EQ(floors(101, 90).top1, 2.0 / 101);
  EXPECT_DOUBLE_EQ(floors(119, 90).hhi, 177.0 / 14161);
  EXPECT_DOUBLE_EQ(floors(7, 90).hhi, 1.0 / 7);
}

TEST(Statistics, KolmogorovSmirnovCountsTiesOnBothSides) {
  EXPECT_EQ(kolmogorov_smirnov(std::vector<double>{1, 2, 3}, std::vector<double>{1, 2, 3}), 0);
  EXPECT_EQ(kolmogorov_smirnov(std::vector<double>{1, 1}, std::vector<double>{2, 2}), 1);
  EXPECT_DOUBLE_EQ(kolmogorov_smirnov(std::vector<double>{1, 2}, std::vector<double>{2, 3}), 0.5);
}

// Worked by hand: ranks of a are 1, 2.5, 4 -> U = 7.5 - 6 = 1.5; tie term (8 - 2); n = 3, m = 2.
TEST(Statistics, MannWhitneyAveragesRanksOfTies) {
  const auto test = mann_whitney(std::vector<double>{1, 2, 3}, std::vector<double>{2, 5});
  EXPECT_DOUBLE_EQ(test.u, 1.5);
  EXPECT_DOUBLE_EQ(test.effect, 0.25);
  EXPECT_DOUBLE_EQ(test.z, -1.0 / std::sqrt(0.5 * (6 - 6.0 / 20)));
}

TEST(Statistics, VariationIsOfThePopulation) {
  EXPECT_DOUBLE_EQ(coefficient_of_variation(std::vector<double>{1, 3}), 0.5);
  EXPECT_EQ(coefficient_of_variation(std::vector<double>{0, 0}), 0);
  EXPECT_TRUE(std::isinf(coefficient_of_variation(std::vector<double>{-1, 1})));
}

Frame merchants(std::size_t n) {
  Frame frame;
  for (std::size_t i = 0; i < n; ++i) {
    frame.lon.push_back(0);
    frame.lat.push_back(0);
    frame.merchant.push_back(i / 3);
    frame.country.push_back(*Iso::parse(std::string("A") + static_cast<char>('A' + i * i % 11)));
  }
  return frame;
}

TEST(Bootstrap, DrawsByCounterSoThreadsChangeNothing) {
  const auto frame = merchants(60);
  work::Pool one(1), four(4);
  const auto a = bootstrap(frame, 42, 200, one), b = bootstrap(frame, 42, 200, four),
             other = bootstrap(frame, 7, 200, four);
  ASSERT_TRUE(a && b && other);
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_EQ((*a)[k].low, (*b)[k].low);
    EXPECT_EQ((*a)[k].high, (*b)[k].high);
    EXPECT_LT((*a)[k].low, (*a)[k].high);  // the point may lie below both: resampling adds concentration
  }
  EXPECT_NE((*a)[0].low, (*other)[0].low);
}

}  // namespace
}  // namespace placewright::realism
