#include <gtest/gtest.h>

#include <cstdlib>

#include "rng/philox.hpp"
#include "vectors.hpp"

namespace placewright::rng {
namespace {

TEST(Philox, GivesThePublishedAnswersAndCarriesItsCounter) {
  const auto rows = vector_rows("philox.txt");
  ASSERT_EQ(rows.size(), 8U);
  for (const auto& row : rows) {
    const Counter before{hex_word(row[2]), hex_word(row[3])};
    const auto block = philox(before, hex_word(row[1]));
    EXPECT_EQ(block.x0, hex_word(row[6])) << row[0];
    EXPECT_EQ(block.x1, hex_word(row[7])) << row[0];
    EXPECT_EQ(before + 1, (Counter{hex_word(row[4]), hex_word(row[5])})) << row[0];
  }
}

TEST(Philox, CounterAdditionWrapsModulo2To128) {
  EXPECT_EQ((Counter{~0ULL, ~0ULL} + 5), (Counter{0, 4}));
  EXPECT_EQ((Counter{1, 5} + ~0ULL), (Counter{2, 4}));
  EXPECT_EQ((Counter{7, 9} + 0), (Counter{7, 9}));
}

TEST(U01, AddsOneInDoubleAndStaysInsideTheOpenInterval) {
  const auto rows = vector_rows("u01.txt");
  ASSERT_EQ(rows.size(), 15U);
  for (const auto& row : rows) {
    const double u = u01(hex_word(row[0]));
    EXPECT_EQ(u, std::strtod(row[1].c_str(), nullptr)) << row[0];
    EXPECT_EQ(u, std::strtod(row[2].c_str(), nullptr)) << row[0];
    EXPECT_GT(u, 0.0);
    EXPECT_LT(u, 1.0);
  }
}

}  // namespace
}  // namespace placewright::rng
