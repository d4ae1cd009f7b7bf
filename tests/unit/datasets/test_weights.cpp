#include "datasets/weights.hpp"

#include <gtest/gtest.h>

namespace placewright::datasets {
namespace {

using Order = WeightAligner::Order;
const Iso kDe = *Iso::parse("DE");

struct Row {
  TileId first;
  std::uint64_t length;
  std::int64_t weight;
  std::int64_t dp = 1;
};

// Tiles 10, 11, 12, 20, 21.
const geo::TileSet& tiles() {
  static const geo::TileSet kTiles({{10, 3}, {20, 2}});
  return kTiles;
}

Result<CountryWeights> align(const std::vector<Row>& rows, Order order = Order::ascending, const geo::TileSet& set = tiles()) {
  WeightAligner aligner(kDe, set, order);
  for (const auto& row : rows) {
    aligner.dp(row.dp);
    aligner.add(row.first, row.length, row.weight);
  }
  return aligner.finish();
}

std::string fault(const std::vector<Row>& rows, Order order = Order::ascending) {
  const auto result = align(rows, order);
  if (result) return "none";
  std::string text = result.error().code();
  for (const auto& [name, value] : result.error().facts()) {
    if (name != "legal_country_iso") text += " " + value;
  }
  return text;
}

TEST(WeightAligner, MergesEqualNeighboursByPosition) {
  const auto good = align({{10, 1, 2}, {11, 2, 2}, {20, 1, 2}, {21, 1, 2}});
  ASSERT_TRUE(good) << good.error().message();
  EXPECT_EQ(good->runs, (std::vector<WeightRun>{{0, 5, 2}}));
  EXPECT_EQ(good->dp, 1);
}

TEST(WeightAligner, NamesEachDisagreementWithTheTiles) {
  EXPECT_EQ(fault({}), "E402_MISSING_TILE_WEIGHTS");
  EXPECT_EQ(fault({{10, 3, 2}, {20, 1, 4}}), "E402_MISSING_TILE_WEIGHTS \"tile_weights_missing_tile_ids\" 1");
  EXPECT_EQ(fault({{10, 4, 2}, {20, 2, 1}}), "E413_TILE_NOT_IN_INDEX \"tile_weights_extra_tile_ids\" 1");
  EXPECT_EQ(fault({{9, 4, 2}, {20, 3, 1}}), "E413_TILE_NOT_IN_INDEX \"tile_weights_extra_tile_ids\" 2");
  EXPECT_EQ(fault({{10, 3, 2, 1}, {20, 2, 2, 2}}), "E414_WEIGHT_TAMPER \"dp_inconsistent\"");
  EXPECT_EQ(fault({{10, 3, 2, 19}, {20, 2, 2, 19}}), "E414_WEIGHT_TAMPER \"dp_out_of_range\"");
  EXPECT_EQ(fault({{10, 3, 2}, {20, 2, 1}}), "E414_WEIGHT_TAMPER \"weight_sum_mismatch\"");
  EXPECT_EQ(fault({{10, 1, -1}, {11, 2, 5}, {20, 2, 1}}), "E414_WEIGHT_TAMPER \"weight_negative\"");
}

TEST(WeightAligner, FindsDuplicatesBeforeMissingTiles) {
  EXPECT_EQ(fault({{10, 2, 2}, {11, 1, 2}, {20, 1, 2}}, Order::any), "E407_PK_DUPLICATE \"tile_weights_duplicate_tile_id\"");
}

TEST(WeightAligner, SaysWhenASecondPassIsNeeded) {
  WeightAligner aligner(kDe, tiles(), Order::ascending);
  aligner.dp(1);
  aligner.add(20, 2, 2);
  EXPECT_FALSE(aligner.out_of_order());
  aligner.add(10, 3, 2);
  EXPECT_TRUE(aligner.out_of_order());
  const auto sorted = align({{20, 2, 2}, {10, 3, 2}}, Order::any);
  ASSERT_TRUE(sorted);
  EXPECT_EQ(sorted->runs, (std::vector<WeightRun>{{0, 5, 2}}));
}

TEST(WeightAligner, RefusesACountryWithoutTiles) {
  const auto result = align({{10, 1, 10}}, Order::ascending, geo::TileSet());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), "E403_ZERO_TILE_UNIVERSE");
}

}  // namespace
}  // namespace placewright::datasets
