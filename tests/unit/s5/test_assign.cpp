#include <gtest/gtest.h>

#include <map>
#include <random>

#include "states/s5_assignment/assign.hpp"

namespace placewright::states::s5_assignment {
namespace {

rng::Stream stream_of(MerchantId merchant, const char* country) {
  std::string fingerprint;
  for (int i = 0; i < 2; ++i) fingerprint += "00112233445566778899aabbccddeeff";
  return rng::assignment_stream(rng::master_material(fingerprint, 42).value(), merchant, *Iso::parse(country));
}

TEST(Assign, GivesTheKnownTilesOfALargeMerchantId) {
  const MerchantId merchant = 9223372036854775809U;
  std::vector<datasets::AssignmentEvent> events;
  assign(merchant, *Iso::parse("US"), stream_of(merchant, "US"), std::vector<TileId>{5, 900, 901, 4000000000},
         std::vector<std::int64_t>{1, 3, 2, 2}, events);
  const std::vector<double> u = {0.7097059675976358,  0.2514497104398382, 0.5766341714020283,  0.33781957405349516,
                                 0.37235603205542633, 0.5722651499501987, 0.24580812389032658, 0.17940284304757598};
  const std::vector<TileId> tiles = {4000000000, 900, 4000000000, 900, 901, 901, 900, 5};
  ASSERT_EQ(events.size(), 8U);
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].u, u[i]);
    EXPECT_EQ(events[i].tile, tiles[i]);
    EXPECT_EQ(events[i].site.site_order, static_cast<std::int64_t>(i) + 1);
  }
}

TEST(Assign, KeepsEveryCountAndRanksSitesByTheirDraw) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 50; ++round) {
    std::vector<TileId> tiles;
    std::vector<std::int64_t> counts;
    TileId tile = 0;
    for (auto n = 1 + random() % 40; n > 0; --n) {
      tiles.push_back(tile += 1 + random() % 9);
      counts.push_back(static_cast<std::int64_t>(1 + random() % 30));
    }
    std::vector<datasets::AssignmentEvent> events;
    assign(1 + random(), *Iso::parse("DE"), stream_of(random(), "DE"), tiles, counts, events);
    std::map<TileId, std::int64_t> got;
    for (const auto& e : events) ++got[e.tile];
    for (std::size_t i = 0; i < tiles.size(); ++i) EXPECT_EQ(got[tiles[i]], counts[i]);
    std::ranges::sort(events, {}, &datasets::AssignmentEvent::u);
    EXPECT_TRUE(std::ranges::is_sorted(events, {}, &datasets::AssignmentEvent::tile));
  }
}

}  // namespace
}  // namespace placewright::states::s5_assignment
