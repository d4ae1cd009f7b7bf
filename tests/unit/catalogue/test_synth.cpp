#include <cmath>
#include <map>
#include <set>

#include "base/steady.hpp"
#include "catalogue/countries.hpp"
#include "catalogue/draws.hpp"
#include "catalogue/synth.hpp"
#include "catalogue/synth_profiles.hpp"
#include "hash/sha256.hpp"
#include "scratch.hpp"

namespace placewright::catalogue {
namespace {

struct Figures {
  std::int64_t outlets = 0, abroad = 0, largest = 0;
  std::size_t pairs = 0, one_country = 0;
  std::map<Iso, std::int64_t> by_country;
};

Merchants make(SynthProfile profile, std::uint64_t outlets = 0, std::uint64_t seed = 42, unsigned threads = 2) {
  work::Pool pool(threads);
  SynthOptions options;
  options.profile = profile;
  options.outlets = outlets;
  options.seed = seed;
  auto made = synthesise(options, pool);
  EXPECT_TRUE(made);
  return std::move(made).value();
}

Figures figures(const Merchants& merchants) {
  Figures f;
  for (const auto& merchant : merchants) {
    std::int64_t total = 0;
    for (const auto& pair : merchant.countries) {
      total += pair.outlets;
      f.by_country[pair.country] += pair.outlets;
      if (pair.country != merchant.home) f.abroad += pair.outlets;
    }
    f.outlets += total;
    f.largest = std::max(f.largest, total);
    f.pairs += merchant.countries.size();
    f.one_country += merchant.countries.size() == 1 ? 1 : 0;
  }
  return f;
}

std::string digest_of(const Merchants& merchants) {
  hash::Sha256 all;
  for (const auto& merchant : merchants) {
    all.update(std::to_string(merchant.id) + merchant.home.text());
    for (const auto& pair : merchant.countries) all.update(pair.country.text() + std::to_string(pair.outlets) + ",");
  }
  return hash::hex(all.digest());
}

}  // namespace

TEST(SteadyMath, AgreesWithTheLibraryToTheLastDigits) {
  for (double x = 1e-300; x < 1e300; x *= 1.37)
    EXPECT_NEAR(steady::log(x), std::log(x), 1e-15 * std::abs(std::log(x)) + 1e-16);
  for (double x = -600; x < 600; x += 0.773) EXPECT_NEAR(steady::exp(x) / std::exp(x), 1, 1e-15);
  for (double u = 0; u < 1; u += 0.000317) EXPECT_NEAR(steady::cos_turn(u), std::cos(6.283185307179586 * u), 1e-15);
  EXPECT_EQ(steady::exp(0), 1);
  EXPECT_EQ(steady::log(1), 0);
}

TEST(Draws, HaveTheMomentsOfTheirLaws) {
  Draws draws(synth_master("test", 1), "standin.count", 7);
  double normal = 0, square = 0, gamma = 0, small = 0, large = 0;
  constexpr int kN = 20'000;
  for (int i = 0; i < kN; ++i) {
    const double z = draws.normal();
    normal += z;
    square += z * z;
    gamma += draws.gamma(12);
    small += static_cast<double>(draws.poisson(2.6));
    if (i % 20 == 0) large += static_cast<double>(draws.poisson(1234));
  }
  EXPECT_NEAR(normal / kN, 0, 0.03);
  EXPECT_NEAR(square / kN, 1, 0.04);
  EXPECT_NEAR(gamma / kN, 12, 0.1);
  EXPECT_NEAR(small / kN, 2.6, 0.05);
  EXPECT_NEAR(large / (kN / 20), 1234, 5);
}

TEST(Apportion, SumsToTheTotalAndRespectsCeilings) {
  EXPECT_EQ(apportion({1, 1, 1}, 10), (std::vector<std::int64_t>{4, 3, 3}));
  EXPECT_EQ(apportion({8, 1, 1}, 10, {4, 100, 100}), (std::vector<std::int64_t>{4, 3, 3}));
  EXPECT_EQ(apportion({8, 1}, 10, {4, 3}), (std::vector<std::int64_t>{4, 3}));
  EXPECT_EQ(apportion({0, 5}, 3), (std::vector<std::int64_t>{0, 3}));
}

TEST(SynthReference, HasTheFiguresOfTheLargeRun) {
  auto f = figures(make(SynthProfile::reference));
  EXPECT_NEAR(static_cast<double>(f.outlets), 142'447, 3'000);
  EXPECT_NEAR(static_cast<double>(f.pairs), 13'600, 400);
  EXPECT_NEAR(static_cast<double>(f.abroad) / static_cast<double>(f.outlets), 0.14, 0.01);
  EXPECT_GT(f.by_country[*Iso::parse("MC")], 9'000);
}

TEST(SynthBalanced, KeepsTheShapeThatTheRealismGatesAsk) {
  const auto f = figures(make(SynthProfile::balanced));
  EXPECT_EQ(f.outlets, 100'000);
  EXPECT_GE(f.by_country.size(), 230U);
  std::int64_t south = 0;
  std::map<std::string_view, std::int64_t> continents;
  for (const auto& country : inhabited_countries()) {
    const auto outlets = f.by_country.contains(country.iso) ? f.by_country.at(country.iso) : 0;
    EXPECT_LE(outlets, 2'000) << country.iso.text();
    if (country.area_km2 < 3'000) {
      EXPECT_LE(static_cast<double>(outlets), std::max(1.0, std::sqrt(country.area_km2) / 0.15)) << country.iso.text();
    }
    if (country.south) south += outlets;
    continents[country.continent] += outlets;
  }
  EXPECT_GE(south, 18'000);
  for (const auto* continent : {"AF", "AS", "EU", "NA", "SA", "OC"})
    EXPECT_GE(continents[continent], 3'000) << continent;
}

TEST(SynthLifelike, HasMostlyOneSiteMerchantsAndAFewChains) {
  const auto merchants = make(SynthProfile::lifelike);
  const auto f = figures(merchants);
  EXPECT_NEAR(static_cast<double>(f.outlets), 150'000, 7'500);
  const auto singles = std::ranges::count_if(
      merchants, [](const SynthMerchant& m) { return m.countries.size() == 1 && m.countries[0].outlets == 1; });
  EXPECT_NEAR(static_cast<double>(singles) / static_cast<double>(merchants.size()), 0.6, 0.02);
  EXPECT_GE(f.largest, 1'000);
  EXPECT_LE(f.largest, 1'500);
  EXPECT_GE(f.by_country.size(), 200U);
}

TEST(Synth, DependsOnProfileAndSeedAlone) {
  std::set<std::string> digests;
  for (const auto profile : {SynthProfile::reference, SynthProfile::balanced, SynthProfile::lifelike}) {
    const auto digest = digest_of(make(profile, 20'000, 42, 1));
    EXPECT_EQ(digest, digest_of(make(profile, 20'000, 42, 4)));
    EXPECT_NE(digest, digest_of(make(profile, 20'000, 43)));
    digests.insert(digest);
  }
  EXPECT_EQ(digests.size(), 3U);
}

TEST(Synth, GivesTheSameCatalogueOnEveryMachine) {
  EXPECT_EQ(digest_of(make(SynthProfile::reference, 20'000)),
            "bd381755f0a78ca3ab346d3784af1d4fcc9f8299ee687ffe53497bedd3872d87");
  EXPECT_EQ(digest_of(make(SynthProfile::balanced, 20'000)),
            "0bbafee59137edfe4143c4dc8c8c7f04c2c9026ecf665227fb9c4c401ee5c03b");
  EXPECT_EQ(digest_of(make(SynthProfile::lifelike, 20'000)),
            "911ff24fe9f0aa84942367df40cae7224f8c84d3bddd7cd8f8a86168d6193942");
}

TEST(Synth, CsvComesBackThroughTheImport) {
  const Scratch scratch;
  work::Pool pool(2);
  SynthOptions options;
  options.outlets = 5'000;
  const auto csv = synth(options, scratch.path("c.csv"), pool);
  const auto pack = synth(options, scratch.path("pack"), pool);
  ASSERT_TRUE(csv && pack) << pack.error().message();
  EXPECT_EQ(csv->outlets, pack->outlets);
  ASSERT_TRUE(scratch.import(Scratch::read(scratch.path("c.csv")), "again"));
  for (const auto* file : {"pairs.parquet", "merchants.parquet"}) {
    EXPECT_EQ(Scratch::read(scratch.path("again") / file), Scratch::read(scratch.path("pack") / file)) << file;
  }
  options.outlets = 100'000'001;
  EXPECT_EQ(synth(options, scratch.path("huge"), pool).error().code(), "IMP_SYNTH");
}

}  // namespace placewright::catalogue
