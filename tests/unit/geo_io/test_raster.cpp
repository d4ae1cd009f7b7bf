#include <cmath>
#include <limits>
#include <numeric>

#include "geo_io/geotiff_writer.hpp"
#include "geo_io/raster.hpp"
#include "support/scratch.hpp"

namespace placewright::geo_io {
namespace {

constexpr geo::Grid kGrid{300, 200, 0.25, 0, -10.5, 0, -0.25, 60};
constexpr double kNoData = -99999.0;

float value_at(std::uint32_t row, std::uint32_t column) {
  if ((row / 64 + column / 64) % 3 == 1) return static_cast<float>(kNoData);
  return static_cast<float>(row) * 1000.0F + static_cast<float>(column) * 0.37F;
}

std::vector<float> all_values(const geo::Grid& grid) {
  std::vector<float> values;
  for (std::uint32_t row = 0; row < grid.rows; ++row) {
    for (std::uint32_t column = 0; column < grid.columns; ++column) values.push_back(value_at(row, column));
  }
  return values;
}

void write(const std::filesystem::path& file, GeoTiffOptions options, std::uint32_t rows_at_a_time = 7) {
  options.tile = 64;
  options.nodata = kNoData;
  auto writer = GeoTiffWriter::create(file, kGrid, options);
  ASSERT_TRUE(writer) << writer.error().message();
  const auto values = all_values(kGrid);
  for (std::uint32_t row = 0; row < kGrid.rows; row += rows_at_a_time) {
    const auto rows = std::min(rows_at_a_time, kGrid.rows - row);
    const auto written =
        writer->write(std::span(values).subspan(std::size_t{row} * kGrid.columns, std::size_t{rows} * kGrid.columns));
    ASSERT_TRUE(written) << written.error().message();
  }
  const auto closed = writer->close();
  ASSERT_TRUE(closed) << closed.error().message();
}

TEST(Raster, EveryCodecKeepsEveryValue) {
  for (const auto codec : {Codec::none, Codec::lzw, Codec::deflate, Codec::zstd, Codec::lerc_zstd}) {
    const Scratch scratch;
    GeoTiffOptions options;
    options.codec = codec;
    write(scratch / "a.tif", options);
    auto raster = Raster::open(scratch / "a.tif");
    ASSERT_TRUE(raster) << raster.error().message();
    std::vector<float> values(std::size_t{kGrid.rows} * kGrid.columns);
    ASSERT_TRUE(raster->read(0, kGrid.rows, 0, kGrid.columns, std::span(values)));
    EXPECT_EQ(values, all_values(kGrid));
  }
}

TEST(Raster, SaysWhereItLiesAndWhatItHolds) {
  const Scratch scratch;
  write(scratch / "a.tif", {});
  const auto raster = Raster::open(scratch / "a.tif");
  ASSERT_TRUE(raster) << raster.error().message();
  const auto& info = raster->info();
  EXPECT_EQ(info.grid, kGrid);
  EXPECT_EQ(info.bands, 1);
  EXPECT_EQ(info.value_type, "Float32");
  EXPECT_EQ(info.bytes_per_value, 4);
  EXPECT_EQ(info.nodata, kNoData);
  EXPECT_TRUE(info.wgs84);
  EXPECT_EQ(info.crs, "EPSG:4326");
  EXPECT_EQ(info.block_rows, 64);
}

TEST(Raster, AWindowHoldsItsOwnValues) {
  const Scratch scratch;
  write(scratch / "a.tif", {});
  auto raster = Raster::open(scratch / "a.tif");
  ASSERT_TRUE(raster);
  std::vector<double> values(70 * 90);
  ASSERT_TRUE(raster->read(60, 70, 200, 90, std::span(values)));
  for (std::uint32_t row = 0; row < 70; ++row) {
    for (std::uint32_t column = 0; column < 90; ++column)
      ASSERT_EQ(values[row * 90 + column], value_at(60 + row, 200 + column));
  }
}

// Whole tiles are decoded past GDAL's cache, other windows through it.
TEST(Raster, WholeTilesHoldWhatAnyWindowHolds) {
  const Scratch scratch;
  write(scratch / "a.tif", {});
  auto raster = Raster::open(scratch / "a.tif");
  ASSERT_TRUE(raster);
  const auto check = [&](std::uint32_t row, std::uint32_t rows, std::uint32_t column, std::uint32_t columns) {
    std::vector<float> values(std::size_t{rows} * columns);
    ASSERT_TRUE(raster->read(row, rows, column, columns, std::span(values)));
    for (std::uint32_t i = 0; i < rows * columns; ++i)
      ASSERT_EQ(values[i], value_at(row + i / columns, column + i % columns));
  };
  check(64, 64, 128, 64);                // one tile
  check(0, kGrid.rows, 256, 300 - 256);  // to both edges, where tiles are cut
  check(0, 128, 0, kGrid.columns);
  check(1, 64, 64, 64);
  check(64, 64, 64, 65);
}

TEST(Raster, BytesAreWrittenTileByTile) {
  const Scratch scratch;
  GeoTiffOptions options;
  options.pixel = Pixel::byte;
  options.codec = Codec::zstd;
  options.tile = 64;
  auto writer = GeoTiffWriter::create(scratch / "mask.tif", kGrid, options);
  ASSERT_TRUE(writer) << writer.error().message();
  std::vector<std::uint8_t> tile(64 * 64, 0);
  tile[5 * 64 + 7] = 1;
  ASSERT_TRUE(writer->write_tile(1, 2, tile));
  EXPECT_EQ(writer->write_tile(0, 0, std::span(tile).first(64)).error().code(), "PW_DEFECT");
  EXPECT_EQ(writer->write(std::vector<float>(kGrid.columns)).error().code(), "PW_DEFECT");
  ASSERT_TRUE(writer->close());
  auto raster = Raster::open(scratch / "mask.tif");
  ASSERT_TRUE(raster);
  EXPECT_EQ(raster->info().value_type, "Byte");
  std::vector<double> values(std::size_t{kGrid.rows} * kGrid.columns);
  ASSERT_TRUE(raster->read(0, kGrid.rows, 0, kGrid.columns, std::span(values)));
  EXPECT_EQ(std::accumulate(values.begin(), values.end(), 0.0), 1);
  EXPECT_EQ(values[std::size_t{64 + 5} * kGrid.columns + 128 + 7], 1);
}

TEST(Raster, BytesDoNotDependOnThreadsOrRowsAtATime) {
  for (const auto codec : {Codec::deflate, Codec::zstd, Codec::lerc_zstd}) {
    const Scratch scratch;
    GeoTiffOptions options;
    options.codec = codec;
    write(scratch / "one.tif", options);
    for (const unsigned threads : {2U, 8U}) {
      options.threads = threads;
      write(scratch / "many.tif", options, 61 * threads);
      EXPECT_EQ(content(scratch / "many.tif"), content(scratch / "one.tif")) << threads << " threads";
    }
  }
}

TEST(Raster, ATruncatedFileIsAnErrorThatNamesIt) {
  const Scratch scratch;
  write(scratch / "a.tif", {});
  const auto whole = content(scratch / "a.tif");
  std::size_t opened = 0;
  for (std::size_t size = 0; size < whole.size(); size += 997) {
    put(scratch / "cut.tif", std::string_view(whole).substr(0, size));
    auto raster = Raster::open(scratch / "cut.tif");
    Result<void> outcome;
    if (raster) {
      ++opened;
      std::vector<float> values(std::size_t{kGrid.rows} * kGrid.columns);
      outcome = raster->read(0, kGrid.rows, 0, kGrid.columns, std::span(values));
    } else {
      outcome = raster.error();
    }
    ASSERT_FALSE(outcome) << size;
    EXPECT_EQ(outcome.error().code(), "PW_GEO");
    EXPECT_NE(outcome.error().message().find("cut.tif"), std::string::npos);
  }
  EXPECT_GT(opened, 0U);  // the header stands in front of the tiles
}

TEST(Raster, OtherFilesAreRefused) {
  const Scratch scratch;
  put(scratch / "a.tif", "II*\0 this is no raster");
  EXPECT_EQ(Raster::open(scratch / "a.tif").error().code(), "PW_GEO");
  EXPECT_EQ(Raster::open(scratch / "b.tif").error().code(), "PW_INPUT");
}

TEST(Raster, FilesBesideItChangeNothing) {
  const Scratch scratch;
  write(scratch / "a.tif", {});
  put(scratch / "a.tif.aux.xml",
      "<PAMDataset><SRS>EPSG:3857</SRS><GeoTransform>1,2,0,3,0,-2</GeoTransform>"
      "<PAMRasterBand band=\"1\"><NoDataValue>5</NoDataValue></PAMRasterBand></PAMDataset>");
  put(scratch / "a.tfw", "1\n0\n0\n-1\n0\n0\n");
  const auto raster = Raster::open(scratch / "a.tif");
  ASSERT_TRUE(raster);
  EXPECT_EQ(raster->info().grid, kGrid);
  EXPECT_EQ(raster->info().nodata, kNoData);
  EXPECT_EQ(raster->info().crs, "EPSG:4326");
}

TEST(Raster, PlainWktOfWgs84IsEnough) {
  const auto plain = Raster::open(PW_TESTS "/data/geo_io/wgs84_without_code.tif");
  ASSERT_TRUE(plain) << plain.error().message();
  EXPECT_TRUE(plain->info().wgs84);
  EXPECT_EQ(plain->info().nodata, std::nullopt);
  for (const auto* other : {"etrs89.tif", "mercator.tif", "no_crs.tif", "paris.tif"}) {
    const auto raster = Raster::open(std::string(PW_TESTS "/data/geo_io/") + other);
    ASSERT_TRUE(raster) << other << ": " << raster.error().message();
    EXPECT_FALSE(raster->info().wgs84) << other;
  }
  EXPECT_EQ(Raster::open(PW_TESTS "/data/geo_io/no_crs.tif")->info().crs, "");
}

TEST(Raster, IntegersAreReadAsDoublesOnly) {
  auto raster = Raster::open(PW_TESTS "/data/geo_io/int16.tif");
  ASSERT_TRUE(raster) << raster.error().message();
  EXPECT_EQ(raster->info().value_type, "Int16");
  std::vector<double> values(4);
  ASSERT_TRUE(raster->read(0, 2, 0, 2, std::span(values)));
  EXPECT_EQ(values, (std::vector<double>{0, 1, 4, 5}));
  std::vector<float> floats(4);
  EXPECT_FALSE(raster->read(0, 2, 0, 2, std::span(floats)));
}

TEST(Raster, OnlyNodataNanAndInfinitiesAreNobody) {
  const std::optional<double> nodata = -99999.0;
  EXPECT_EQ(people_or_zero(-99999.0, nodata), 0);
  EXPECT_EQ(people_or_zero(-99999.0, std::nullopt), -99999.0);
  EXPECT_EQ(people_or_zero(std::numeric_limits<double>::quiet_NaN(), nodata), 0);
  EXPECT_EQ(people_or_zero(std::numeric_limits<double>::infinity(), nodata), 0);
  EXPECT_EQ(people_or_zero(-std::numeric_limits<double>::infinity(), std::nullopt), 0);
  EXPECT_EQ(people_or_zero(-2.5, nodata), -2.5);
  EXPECT_EQ(people_or_zero(7.25, nodata), 7.25);
}

TEST(GeoTiffWriter, HandedTooManyOrTooFewRowsIsRefused) {
  const Scratch scratch;
  GeoTiffOptions options;
  options.tile = 64;
  const std::vector<float> row(kGrid.columns);
  auto writer = GeoTiffWriter::create(scratch / "a.tif", kGrid, options);
  ASSERT_TRUE(writer);
  EXPECT_FALSE(writer->write(std::span(row).first(5)));
  ASSERT_TRUE(writer->write(row));
  EXPECT_EQ(writer->close().error().code(), "PW_DEFECT");
  for (std::uint32_t i = 1; i < kGrid.rows; ++i) ASSERT_TRUE(writer->write(row));
  EXPECT_FALSE(writer->write(row));
  EXPECT_TRUE(writer->close());
}

TEST(GeoTiffWriter, AFileNeverClosedLeavesNothing) {
  const Scratch scratch;
  { ASSERT_TRUE(GeoTiffWriter::create(scratch / "a.tif", kGrid)); }
  EXPECT_FALSE(std::filesystem::exists(scratch / "a.tif"));
}

TEST(GeoTiffWriter, AFolderThatIsNotThereIsNamed) {
  const Scratch scratch;
  const auto writer = GeoTiffWriter::create(scratch / "none/a.tif", kGrid);
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().code(), "PW_IO");
}

}  // namespace
}  // namespace placewright::geo_io
