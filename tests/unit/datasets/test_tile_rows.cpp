// Rows made from spans are those of the grid, tile by tile, rotated or not.
#include <gtest/gtest.h>

#include "datasets/schemas.hpp"
#include "datasets/tile_rows.hpp"
#include "geo/area.hpp"
#include "support/scratch.hpp"
#include "table/table.hpp"

namespace placewright::datasets {
namespace {

const Iso kCountry = *Iso::parse("FJ");

void expect_tables_of(const geo::Grid& grid, const geo::TileSet& tiles) {
  const Scratch scratch;
  const TileRows rows(grid);
  ASSERT_TRUE(rows.write_index(scratch / "i.parquet", kCountry, "center", tiles));
  ASSERT_TRUE(rows.write_bounds(scratch / "b.parquet", kCountry, tiles));
  const auto index = table::Dataset::open(scratch / "i.parquet")->read_all(kTileIndex);
  const auto bounds = table::Dataset::open(scratch / "b.parquet")->read_all(kTileBounds);
  ASSERT_TRUE(index && bounds);
  ASSERT_EQ(index->rows, tiles.size());
  ASSERT_EQ(bounds->rows, tiles.size());
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const auto tile = tiles.id_at(i);
    const auto row = grid.row_of(tile), column = grid.column_of(tile);
    const auto b = geo::tile_bounds(grid, row, column);
    ASSERT_EQ(index->text(0).at(i), "FJ");
    ASSERT_EQ(index->text(7).at(i), "center");
    ASSERT_EQ(std::vector({index->u64(1)[i], index->u64(2)[i], index->u64(3)[i]}),
              std::vector<std::uint64_t>({tile, row, column}));
    ASSERT_EQ(std::vector({index->f64(4)[i], index->f64(5)[i], index->f64(6)[i]}),
              std::vector({b.centroid_lon, b.centroid_lat, geo::cell_area(grid, row, column)}));
    ASSERT_EQ(bounds->u64(1)[i], tile);
    std::vector<double> rectangle;
    for (std::size_t column_of_table = 2; column_of_table < 8; ++column_of_table)
      rectangle.push_back(bounds->f64(column_of_table)[i]);
    ASSERT_EQ(rectangle, std::vector({b.min_lat, b.max_lat, b.min_lon, b.max_lon, b.centroid_lat, b.centroid_lon}));
  }
}

TEST(TileRows, AreThoseOfTheGrid) {
  const geo::Grid grid{3600, 1800, 0.1, 0, -180.0012493, 0, -0.1, 90};
  std::vector<geo::Span> spans = {{5, 1}, {7, 2}, {3599, 1}};
  for (std::uint32_t row = 3; row < 900; row += 2) spans.push_back({grid.id(row, row), 1 + row % 700});
  expect_tables_of(grid, geo::TileSet(std::move(spans)));
}

// Spans of a set that was read row by row may run over the end of a raster row.
TEST(TileRows, MayRunOverTheEndOfARasterRow) {
  const geo::Grid grid{100, 50, 3.6, 0, -180, 0, -3.6, 90};
  expect_tables_of(grid, geo::TileSet({{90, 215}, {400, 1}}));
}

TEST(TileRows, OfARotatedGridAreComputedOneByOne) {
  const geo::Grid grid{100, 50, 0.5, 0.01, -20, -0.02, -0.5, 60};
  expect_tables_of(grid, geo::TileSet({{90, 5}, {400, 37}}));
}

}  // namespace
}  // namespace placewright::datasets
