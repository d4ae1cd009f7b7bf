#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "geo/validity.hpp"
#include "geo_io/countries.hpp"
#include "geo_io/raster.hpp"
#include "hash/sha256.hpp"
#include "store/files.hpp"
#include "table/table.hpp"
#include "world/build.hpp"
#include "world/check.hpp"
#include "world/geometry.hpp"

namespace placewright::world {
namespace {

namespace fs = std::filesystem;

fs::path scratch() {
  static const fs::path folder = [] {
    auto name = (fs::temp_directory_path() / "placewright-world-XXXXXX").string();
    return fs::path(mkdtemp(name.data()));
  }();
  return folder;
}

Result<BuildReport> build_at(const std::string& name, unsigned threads, bool reference_codes = false) {
  work::Pool pool(threads);
  report::Log log(report::Verbosity::quiet);
  return build(
      {.out = scratch() / name, .pack = {}, .cells_per_degree = 4, .reference_codes = reference_codes, .user = {}},
      pool, log);
}

Json qa_of_population(const fs::path& world) {
  return *store::read_json((world / kRasterPath).parent_path() / "qa.json");
}

// One world of a quarter degree serves all tests; it takes two to three seconds.
class World : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto made = build_at("plain", 2);
    ASSERT_TRUE(made) << made.error().code() << ": " << made.error().message();
    report_ = new BuildReport(*made);
  }
  static void TearDownTestSuite() {
    delete report_;
    std::error_code error;
    fs::remove_all(scratch(), error);
  }
  static const fs::path& folder() { return report_->folder; }
  static inline BuildReport* report_ = nullptr;
};

TEST_F(World, HasEveryCurrentCodeAndNoWithdrawnOne) {
  EXPECT_EQ(report_->facts.countries, 249U);
  const auto iso = table::Dataset::open(folder() / kIsoPath);
  ASSERT_TRUE(iso);
  const auto batch = iso->read_all({{"country_iso", table::Kind::text}, {"numeric_code", table::Kind::i16}});
  ASSERT_TRUE(batch) << batch.error().message();
  EXPECT_EQ(batch->rows, 249U);
  for (std::size_t i = 0; i < batch->rows; ++i)
    EXPECT_TRUE(batch->text(0).at(i) != "AN" && batch->text(0).at(i) != "CS");
  EXPECT_FALSE(iso->read_all({{"region", table::Kind::text}})) << "regions are null, as in the reference's table";
}

TEST_F(World, PolygonsAreValidAndCutAtTheAntimeridian) {
  const auto shapes = geo_io::read_countries(folder() / kCountriesPath);
  ASSERT_TRUE(shapes) << shapes.error().message();
  ASSERT_EQ(shapes->size(), 249U);
  for (const auto& shape : *shapes) {
    const auto& country = shape.country;
    EXPECT_EQ(shape.problem, "") << country.iso.text();
    EXPECT_TRUE(geo::prove_valid(country.polygons).valid) << country.iso.text() << " costs a question to GEOS";
    const auto box = geo::bounds(country.polygons);
    EXPECT_TRUE(box.min_lon >= -180 && box.max_lon <= 180 && box.min_lat >= -90 && box.max_lat <= 90)
        << country.iso.text();
    const double area = planar_area(country.polygons);
    if (country.iso.text() == "FJ") {
      EXPECT_NEAR(area, 1.6, 0.1);
    }
    if (country.iso.text() == "RU") {
      EXPECT_NEAR(area, 2935, 20);
    }
    if (country.iso.text() == "AQ") {
      EXPECT_EQ(box.min_lat, -90);
    }
    if (country.iso.text() == "BQ") {
      EXPECT_NEAR(area, 0.03, 0.01);
    }
  }
}

TEST_F(World, EveryCountrySumsToItsTable) {
  std::size_t without = 0;
  const auto qa = qa_of_population(folder());
  for (const auto& row : qa.at("countries")) {
    if (row.at("tiles") == 0) {
      ++without;
      continue;
    }
    EXPECT_NEAR(row.at("people").get<double>(), row.at("population").get<double>(), 1.0) << row.dump();
  }
  EXPECT_EQ(without, report_->facts.without_tiles.size());
  EXPECT_LT(without, 50U);
}

TEST_F(World, RasterHasTheExactGridAndNoDataOutside) {
  auto raster = geo_io::Raster::open(folder() / kRasterPath);
  ASSERT_TRUE(raster) << raster.error().message();
  const auto& info = raster->info();
  EXPECT_EQ(info.grid, (geo::Grid{1440, 720, 1.0 / 4, 0, -180, 0, -1.0 / 4, 90}));
  EXPECT_TRUE(info.wgs84);
  EXPECT_EQ(info.value_type, "Float32");
  EXPECT_EQ(info.nodata, -99999.0);
  std::vector<float> values(1440 * 720);
  ASSERT_TRUE(raster->read(0, 720, 0, 1440, std::span(values)));
  double people = 0;
  for (const float v : values) {
    EXPECT_TRUE(v >= 0 || v == -99999.0F);
    people += v > 0 ? v : 0;
  }
  EXPECT_NEAR(people, report_->facts.people, 1);
}

TEST_F(World, CheckFindsNothingWrong) {
  work::Pool pool(2);
  const auto checked = check(folder(), pool);
  ASSERT_TRUE(checked) << checked.error().message();
  EXPECT_EQ(checked->findings, std::vector<std::string>{});
  EXPECT_EQ(checked->facts.countries, 249U);
  EXPECT_EQ(checked->facts.tiles, report_->facts.tiles);
  EXPECT_EQ(checked->facts.without_tiles, report_->facts.without_tiles);
  EXPECT_NEAR(checked->facts.people, report_->facts.people, 1);
  EXPECT_EQ(checked->facts.licences.size(), 5U);
}

TEST_F(World, TheNumberOfThreadsChangesNoByte) {
  const auto again = build_at("one-thread", 1);
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(hash::sha256_folder(again->folder)->sha256_hex, hash::sha256_folder(folder())->sha256_hex);
}

TEST_F(World, BuildingAgainLeavesItAlone) {
  const auto again = build_at("plain", 2);
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_TRUE(again->existed);
  EXPECT_EQ(again->facts.tiles, report_->facts.tiles);
}

TEST_F(World, AnotherFolderIsNotOverwritten) {
  fs::create_directories(scratch() / "mine");
  std::ofstream(scratch() / "mine/letter.txt") << "keep";
  const auto made = build_at("mine", 2);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code(), "WORLD_TARGET");
  EXPECT_TRUE(fs::exists(scratch() / "mine/letter.txt"));
}

TEST_F(World, DamageIsFoundAndNamed) {
  fs::copy(folder(), scratch() / "damaged", fs::copy_options::recursive);
  std::ofstream(scratch() / "damaged" / kRegionsPath, std::ios::app) << "XX\n";
  std::ofstream(scratch() / "damaged/stray.txt") << "x";
  const auto found = check_digests(scratch() / "damaged");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 3U);  // beside the product, at the top, and the stray file
  EXPECT_NE(found->at(0).find(kRegionsPath), std::string::npos);
  EXPECT_NE(found->at(2).find("stray.txt"), std::string::npos);
}

TEST_F(World, ReferenceCodesAddTheWithdrawnTwoAsSquares) {
  const auto made = build_at("reference", 2, true);
  ASSERT_TRUE(made) << made.error().message();
  EXPECT_EQ(made->facts.countries, 251U);
  const auto qa = qa_of_population(made->folder);
  for (const auto& row : qa.at("countries")) {
    const bool withdrawn = row.at("country_iso") == "CS" || row.at("country_iso") == "AN";
    EXPECT_EQ(row.at("population").is_null(), withdrawn);
    if (row.at("country_iso") == "RS") {
      EXPECT_NEAR(row.at("people").get<double>(), row.at("population").get<double>(), 0.02) << row.dump();
    }
  }
}

TEST(Pack, AChangedSourceIsRefused) {
  const auto copy = scratch() / "pack";
  fs::create_directories(scratch());
  fs::copy(fs::path(PW_TESTS).parent_path() / "data/world", copy, fs::copy_options::recursive);
  std::ofstream(copy / "countryInfo.txt", std::ios::app) << "#\n";
  work::Pool pool(1);
  report::Log log(report::Verbosity::quiet);
  const auto made =
      build({.out = scratch() / "never", .pack = copy, .cells_per_degree = 4, .reference_codes = false, .user = {}},
            pool, log);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code(), "WORLD_PACK");
  EXPECT_FALSE(fs::exists(scratch() / "never"));
  fs::remove_all(scratch());
}

}  // namespace
}  // namespace placewright::world
