#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "geo_io/geotiff_writer.hpp"
#include "geo_io/raster.hpp"
#include "world/user_raster.hpp"

namespace placewright::world {
namespace {

namespace fs = std::filesystem;

geo::MultiPolygon square(double west, double south, double east, double north) {
  return {{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}, {}}};
}

Countries two_squares() {
  Countries out;
  out.rows.push_back({*Iso::parse("DE"), "a", square(0, 0, 4, 4), false});
  out.rows.push_back({*Iso::parse("FR"), "b", square(10, -5, 20, 5), false});
  return out;
}

// Rasters are made by gdal_translate (gdal-bin), another program than the one that reads them here, from one grid of
// half degrees that begins west of -180.
class UserRasterForms : public testing::Test {
 protected:
  static constexpr std::uint32_t kColumns = 700, kRows = 300;
  static void SetUpTestSuite() {
    auto name = (fs::temp_directory_path() / "placewright-raster-XXXXXX").string();
    folder_ = new fs::path(mkdtemp(name.data()));
    geo_io::GeoTiffOptions options;
    options.codec = geo_io::Codec::none;
    options.nodata = 99;
    options.sparse = false;
    auto writer = geo_io::GeoTiffWriter::create(base(), {kColumns, kRows, 0.5, 0, -180.01, 0, -0.5, 75}, options);
    ASSERT_TRUE(writer);
    std::vector<float> values;  // small integers, so that every type holds them
    for (std::uint32_t i = 0; i < kColumns * kRows; ++i)
      values.push_back(i % 101 == 7 ? 99.0F : static_cast<float>(i % 97));
    ASSERT_TRUE(writer->write(values));
    ASSERT_TRUE(writer->close());
  }
  static void TearDownTestSuite() {
    std::error_code error;
    fs::remove_all(*folder_, error);
    delete folder_;
  }
  static fs::path base() { return *folder_ / "base.tif"; }
  static fs::path made(const std::string& options) {
    const auto to = *folder_ / "form.tif";
    fs::remove(to);
    const auto line = "gdal_translate -q " + options + " " + base().string() + " " + to.string() + " 2>&1";
    EXPECT_EQ(std::system(line.c_str()), 0) << line;
    return to;
  }
  static Result<UserRaster> taken(const fs::path& file) {
    PW_CHECK(check_user_raster(file));
    work::Pool pool(2);
    return read_user_raster(file, two_squares(), {}, pool);
  }
  static inline fs::path* folder_ = nullptr;
};

TEST_F(UserRasterForms, EqualCellsGiveEqualPeople) {
  const auto base_people = taken(base());
  ASSERT_TRUE(base_people) << base_people.error().message();
  ASSERT_GT(base_people->sums.total, 0);
  const std::string tiled = "-co TILED=YES -co BLOCKXSIZE=64 -co BLOCKYSIZE=128 ";
  std::vector<std::string> forms = {"-co BIGTIFF=YES",
                                    tiled + "-co BIGTIFF=YES -co COMPRESS=DEFLATE",
                                    "-of COG",
                                    "-of COG -co COMPRESS=ZSTD -co BLOCKSIZE=128",
                                    "-co BLOCKYSIZE=1",
                                    "-co BLOCKYSIZE=37",
                                    "-co ENDIANNESS=BIG",
                                    "-co SPARSE_OK=TRUE"};
  for (const char* codec : {"LZW", "DEFLATE", "ZSTD"}) {
    for (const char* predictor : {"1", "2", "3"}) {
      const auto how = std::string("-co COMPRESS=") + codec + " -co PREDICTOR=" + predictor;
      forms.push_back(how);
      forms.push_back(tiled + how);
    }
  }
  for (const char* codec : {"PACKBITS", "LERC", "LERC_DEFLATE", "LERC_ZSTD", "LZMA"})
    forms.push_back(tiled + "-co COMPRESS=" + codec);
  for (const char* type : {"Byte", "UInt16", "Int16", "UInt32", "Int32", "Int64", "Float64"}) {
    forms.push_back(std::string("-ot ") + type);
    forms.push_back(tiled + "-co COMPRESS=DEFLATE -co PREDICTOR=2 -ot " + type);
  }
  for (const auto& options : forms) {
    const auto people = taken(made(options));
    ASSERT_TRUE(people) << options << ": " << people.error().message();
    EXPECT_EQ(people->sums.people, base_people->sums.people) << options;
    EXPECT_EQ(people->sums.total, base_people->sums.total) << options;
    EXPECT_EQ(people->grid.c, -180.01) << options;
  }
}

TEST_F(UserRasterForms, WithoutNodataEveryCellCounts) {
  const auto with = taken(base()), without = taken(made("-a_nodata none"));
  ASSERT_TRUE(with && without);
  EXPECT_GT(without->sums.total, with->sums.total);
}

TEST_F(UserRasterForms, AnyPixelSizeAndPlace) {
  for (const char* place : {"-a_ullr -180.0012493 83.6 179.9 -60", "-a_ullr -1 6 24 -7", "-outsize 4001 173"}) {
    const auto people = taken(made(place));
    ASSERT_TRUE(people) << place << ": " << people.error().message();
    EXPECT_FALSE(people->tiles[0].empty()) << place;
  }
}

TEST_F(UserRasterForms, APointRasterIsMovedByHalfACell) {
  const auto file = made("-mo AREA_OR_POINT=Point");
  const auto raster = geo_io::Raster::open(file);
  ASSERT_TRUE(raster);
  EXPECT_TRUE(raster->info().point);
  EXPECT_NEAR(raster->info().grid.c, -180.01, 1e-9) << "gdal_translate writes the centre of the first cell";
}

TEST_F(UserRasterForms, WhatARunCannotUseIsRefusedByCode) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"REF_RAS_BANDS", "-b 1 -b 1"},
      {"REF_RAS_DTYPE", "-ot CFloat32"},
      {"REF_RAS_CRS", "-a_srs EPSG:4267"},
      {"REF_RAS_BOUNDS", "-a_ullr -180 91 180 -90"},
      {"REF_RAS_BOUNDS", "-a_ullr -180.03 90 179 -90"},
      {"REF_RAS_SOUTH_UP", "-a_ullr -180 -90 180 90"},
      {"REF_RAS_OVERLAP", "-a_ullr 100 40 110 30"},
      {"REF_RAS_EMPTY", "-scale 0 100 0 0 -a_nodata 7"},
      {"REF_RAS_NEGATIVE", "-scale 0 100 -100 0 -a_nodata 7"},
      {"PW_GEO", "-of PNG -ot Byte"}};
  for (const auto& [code, options] : cases) {
    const auto people = taken(made(options));
    ASSERT_FALSE(people) << options;
    EXPECT_EQ(people.error().code(), code) << options << ": " << people.error().message();
  }
}

// The header claims what the file does not hold: nothing may be reserved for it.
TEST_F(UserRasterForms, ATruncatedFileIsRefused) {
  for (const char* options :
       {"-co COMPRESS=DEFLATE -co TILED=YES", "-co COMPRESS=ZSTD", "-of COG", "-co BIGTIFF=YES"}) {
    const auto file = made(options);
    fs::resize_file(file, fs::file_size(file) * 3 / 5);
    const auto people = taken(file);
    ASSERT_FALSE(people) << options;
    EXPECT_EQ(people.error().code(), "PW_GEO") << people.error().message();
  }
}

}  // namespace
}  // namespace placewright::world
