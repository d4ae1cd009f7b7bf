#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <tuple>

#include "geo/blocks.hpp"
#include "geo/hilbert_walk.hpp"

namespace placewright::geo {
namespace {

const Grid kWorld{43200, 21600, 1.0 / 120, 0, -180, 0, -1.0 / 120, 90};

TEST(Hilbert, IsAPathThroughEveryPlace) {
  for (unsigned order = 0; order <= 6; ++order) {
    const auto places = std::uint64_t{1} << (2 * order);
    Place before = hilbert_place(order, 0);
    for (std::uint64_t i = 0; i < places; ++i) {
      const auto place = hilbert_place(order, i);
      ASSERT_EQ(hilbert_index(order, place), i);
      if (i > 0) {
        ASSERT_EQ(std::abs(static_cast<int>(place.x) - static_cast<int>(before.x)) +
                      std::abs(static_cast<int>(place.y) - static_cast<int>(before.y)),
                  1);
      }
      before = place;
    }
  }
}

TEST(Hilbert, AlignedSquaresArePiecesOfTheCurve) {
  for (std::uint32_t x = 0; x < 64; x += 3) {
    for (std::uint32_t y = 0; y < 64; y += 5)
      EXPECT_EQ(hilbert_index(6, {x, y}) >> 6, hilbert_index(3, {x >> 3, y >> 3}));
  }
}

TEST(Hilbert, AWalkVisitsMarkedPlacesAsASortWould) {
  for (const auto& [order, width, height] : {std::tuple{0U, 1U, 1U}, {3U, 8U, 5U}, {6U, 33U, 64U}, {9U, 400U, 300U}}) {
    HilbertWalk walk(order, width, height);
    std::vector<std::uint64_t> sorted, walked;
    std::uint64_t dice = 1;
    for (std::uint32_t i = 0; i < width * height / 3 + 1; ++i) {
      dice = dice * 6364136223846793005U + 1442695040888963407U;
      const Place place{static_cast<std::uint32_t>(dice >> 33) % width, static_cast<std::uint32_t>(dice >> 48) % height};
      walk.mark(place);
      sorted.push_back(hilbert_index(order, place));
    }
    std::ranges::sort(sorted);
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    walk.each([&, order = order](Place place, std::uint64_t index) {
      ASSERT_EQ(index, hilbert_index(order, place));
      walked.push_back(index);
    });
    EXPECT_EQ(walked, sorted);
  }
}

TEST(Blocks, AreFourArcMinutesOrOneCell) {
  EXPECT_EQ(block_level(kWorld), 3U);
  EXPECT_EQ(block_level({21600, 10800, 1.0 / 60, 0, -180, 0, -1.0 / 60, 90}), 2U);
  EXPECT_EQ(block_level({360, 180, 1, 0, -180, 0, -1, 90}), 0U);
}

TEST(Blocks, FrameNumbersEachBlockOnce) {
  const TileSet tiles({{kWorld.id(1000, 20000), 50}, {kWorld.id(1001, 20010), 30}, {kWorld.id(1020, 19990), 5}});
  const BlockFrame frame(kWorld, tiles);
  for (const auto& span : tiles.spans()) {
    for (std::uint32_t i = 0; i < span.length; ++i) {
      const auto block = frame.of(kWorld.row_of(span.first), kWorld.column_of(span.first) + i);
      EXPECT_EQ(frame.at(hilbert_index(frame.order(), frame.place_of(block))), block);
    }
  }
}

// The frame of 16 by 16 blocks is a curve of order 7 through their cells.
TEST(Blocks, CellsFollowTheCurve) {
  std::vector<Span> rows;
  for (std::uint32_t row = 0; row < 128; ++row) rows.push_back({kWorld.id(1000 + row, 20000), 128});
  const BlockFrame frame(kWorld, TileSet(rows));
  for (std::uint64_t index = 0; index < 256; ++index) {
    const auto& cells = frame.cells_of(index);
    ASSERT_EQ(cells.size(), 64U);
    const auto corner = hilbert_place(4, index);
    for (std::uint64_t i = 0; i < 64; ++i) {
      const Place cell{(corner.x << 3) + cells[i].x, (corner.y << 3) + cells[i].y};
      ASSERT_EQ(cell, hilbert_place(7, index << 6 | i));
    }
  }
}

TEST(Blocks, ACountryAcrossTheAntimeridianIsInOnePiece) {
  const TileSet tiles({{kWorld.id(9000, 0), 80}, {kWorld.id(9000, 43100), 100}});
  const BlockFrame frame(kWorld, tiles);
  EXPECT_EQ(frame.width(), 13U + 10U);
  const auto west = frame.place_of(frame.of(9000, 43199)), east = frame.place_of(frame.of(9000, 0));
  EXPECT_EQ(west.x + 1, east.x);
  // A grid that ends there has no other side.
  const Grid part{43200, 21600, 1.0 / 240, 0, -90, 0, -1.0 / 240, 45};
  EXPECT_EQ(BlockFrame(part, TileSet({{part.id(9000, 0), 80}, {part.id(9000, 43100), 100}})).width(), 43200U / 16);
}

}  // namespace
}  // namespace placewright::geo
