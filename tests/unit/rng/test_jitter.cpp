#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "base/pow.hpp"
#include "rng/jitter.hpp"
#include "vectors.hpp"

namespace placewright::rng {
namespace {

JitterLaw shipped() { return {true, 0.5, 0.1, 0.2, {{{1.6, 1.6, 0.8}, {1, 1, 1}, {0.55, 0.55, 1}}}}; }

TEST(Jitter, ShippedMixtureGivesItsKnownFractions) {
  const auto rows = vector_rows("jitter_fractions.txt");
  ASSERT_EQ(rows.size(), 10U);
  for (const auto& row : rows) {
    const auto drawn = draw(shipped(), std::stod(row[1]), std::stod(row[2]));
    EXPECT_EQ(kComponentNames[static_cast<std::size_t>(drawn.component)], row[3]) << row[0];
    EXPECT_EQ(drawn.lon_fraction, std::stod(row[4])) << row[0];
    EXPECT_EQ(drawn.lat_fraction, std::stod(row[5])) << row[0];
    EXPECT_EQ(sigma(shipped(), std::stod(row[1]), std::stod(row[2])), drawn.sigma) << row[0];
    EXPECT_EQ(drawn.sigma, drawn.component == Component::core_cluster ? 0.8 : 1.0) << row[0];
  }
}

TEST(Jitter, UniformKeepsTheUniforms) {
  const auto drawn = draw(JitterLaw{}, 0.25, 0.75);
  EXPECT_EQ(drawn.lon_fraction, 0.25);
  EXPECT_EQ(drawn.lat_fraction, 0.75);
  EXPECT_EQ(drawn.sigma, 1.0);
  EXPECT_EQ(drawn.component, Component::uniform);
}

TEST(Jitter, FractionsStayInsideTheTileAndTheReach) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> unit(0, 1);
  for (int i = 0; i < 20000; ++i) {
    const auto drawn = draw(shipped(), unit(random), unit(random));
    const double reach = drawn.sigma / 2 + 1e-15;
    EXPECT_LE(std::abs(drawn.lon_fraction - 0.5), reach);
    EXPECT_LE(std::abs(drawn.lat_fraction - 0.5), reach);
  }
}

TEST(PortablePow, IsTheCorrectlyRoundedPower) {
  const auto rows = vector_rows("pow.txt");
  ASSERT_GT(rows.size(), 600U);
  for (const auto& row : rows) {
    const double base = std::strtod(row[0].c_str(), nullptr), exponent = std::strtod(row[1].c_str(), nullptr);
    EXPECT_EQ(portable_pow(base, exponent), std::strtod(row[2].c_str(), nullptr)) << row[0] << " ^ " << row[1];
  }
}

TEST(PortablePow, EndsAreExactAndTheCLibraryIsNeverFarOff) {
  EXPECT_EQ(portable_pow(0, 0.55), 0);
  EXPECT_EQ(portable_pow(1, 1.6), 1);
  EXPECT_EQ(portable_pow(0.3, 1), 0.3);
  EXPECT_EQ(portable_pow(0.25, 0.5), 0.5);
  EXPECT_EQ(portable_pow(1e-200, 8), 0);
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> unit(0, 1);
  for (int i = 0; i < 50000; ++i) {
    const double base = unit(random), exponent = 0.2 + 7.8 * unit(random);
    const double ours = portable_pow(base, exponent), theirs = std::pow(base, exponent);
    EXPECT_LE(std::abs(ours - theirs), 2.3e-16 * theirs) << base << " ^ " << exponent;
  }
}

TEST(Power, OfTwoBasesAtOnceIsThatOfEach) {
  std::mt19937_64 random(31);
  std::uniform_real_distribution<double> unit(0, 1);
  const std::vector<double> special = {0, 1, 0x1p-1074, 1e-300, 0.5, 1 - 0x1p-53, 0.999, 1.0 / 3};
  const std::vector<double> exponents = {1e-12, 0.55, 1, 1.6, 2, 7.25, 64};
  const auto base = [&] { return random() % 8 == 0 ? special[random() % special.size()] : unit(random); };
  const auto exponent = [&] {
    return random() % 2 == 0 ? exponents[random() % exponents.size()] : 3 * unit(random) + 0.01;
  };
  for (int i = 0; i < 200'000; ++i) {
    const double a = base(), b = base(), x = exponent(), y = exponent();
    const auto both = portable_pow(a, x, b, y);
    ASSERT_EQ(both.a, portable_pow(a, x)) << a << " ^ " << x;
    ASSERT_EQ(both.b, portable_pow(b, y)) << b << " ^ " << y;
  }
}

}  // namespace
}  // namespace placewright::rng
