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

// As tiles of a country lie: a few spans a raster row, rows far apart, with empty stretches between.
TEST(TileSet, FindsTilesAmongSpansThatCrowd) {
  std::mt19937_64 draw(11);
  std::vector<Span> spans;
  for (TileId row = 100; row < 400; row += 1 + (draw() % 9 == 0 ? 40 : 0)) {
    TileId next = row * 43'200 + 20'000;
    for (auto n = draw() % 12; n > 0; --n) {
      spans.push_back({next += 1 + draw() % 50, static_cast<std::uint32_t>(1 + draw() % 90)});
      next += spans.back().length;
    }
  }
  const TileSet set(spans);
  const auto plain = [&](TileId tile) -> std::optional<std::uint64_t> {
    std::uint64_t before = 0;
    for (const auto& span : spans) {
      if (tile >= span.first && tile < span.first + span.length) return before + (tile - span.first);
      before += span.length;
    }
    return std::nullopt;
  };
  for (const auto& span : spans) {
    for (const TileId tile : {span.first - 1, span.first, span.first + span.length / 2, span.first + span.length})
      ASSERT_EQ(set.position_of(tile), plain(tile)) << tile;
  }
  for (const TileId tile : {TileId{0}, spans.front().first - 1, spans.back().first + 1'000'000, ~TileId{0}})
    EXPECT_FALSE(set.position_of(tile)) << tile;
}

TEST(TileSet, MayBeEmpty) {
  const TileSet set;
  EXPECT_EQ(set.size(), 0U);
  EXPECT_TRUE(set.empty());
  EXPECT_FALSE(set.position_of(0));
}

}  // namespace placewright::geo
