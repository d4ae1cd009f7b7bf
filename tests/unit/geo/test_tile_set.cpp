#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "geo/tile_set.hpp"

namespace placewright::geo {

TEST(TileSet, CountsTilesInAscendingIdAcrossSpans) {
  std::mt19937_64 draw(7);
  for (int round = 0; round < 50; ++round) {
    std::vector<Span> spans;
    std::vector<TileId> ids;
    TileId next = draw() % 5;
    for (auto n = draw() % 40; n > 0; --n) {
      const auto length = static_cast<std::uint32_t>(1 + draw() % 9);
      spans.push_back({next, length});
      for (std::uint32_t i = 0; i < length; ++i) ids.push_back(next + i);
      next += length + draw() % 4;  // neighbours stay apart as given
    }
    const TileSet set(spans);
    ASSERT_EQ(set.size(), ids.size());
    for (std::size_t p = 0; p < ids.size(); ++p) {
      EXPECT_EQ(set.id_at(p), ids[p]);
      EXPECT_EQ(set.position_of(ids[p]), p);
    }
    for (TileId id = 0; id < next + 3; ++id) EXPECT_EQ(set.contains(id), std::ranges::binary_search(ids, id));
  }
}

TEST(TileSet, MayBeEmpty) {
  const TileSet set;
  EXPECT_EQ(set.size(), 0U);
  EXPECT_TRUE(set.empty());
  EXPECT_FALSE(set.position_of(0));
}

}  // namespace placewright::geo
