#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "geo_io/vector.hpp"

namespace placewright::geo_io {
namespace {

namespace fs = std::filesystem;

class VectorFormats : public testing::Test {
 protected:
  void SetUp() override {
    auto name = (fs::temp_directory_path() / "placewright-vector-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  void TearDown() override {
    std::error_code error;
    fs::remove_all(folder_, error);
  }
  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  // Another program's work, from the same features.
  fs::path converted(const std::string& to, const std::string& options) const {
    const auto from = write("from.geojson", collection(kTwo));
    const auto line = "ogr2ogr " + options + " " + (folder_ / to).string() + " " + from.string() + " 2>&1";
    EXPECT_EQ(std::system(line.c_str()), 0) << line;
    return folder_ / to;
  }
  static std::string collection(const std::string& features) {
    return R"({"type":"FeatureCollection","features":[)" + features + "]}";
  }
  static std::string feature(const std::string& geometry) {
    return R"({"type":"Feature","properties":{"code":"DE","n":7},"geometry":)" + geometry + "}";
  }
  void refused(const fs::path& file, const std::string& code, const std::string& layer = "") const {
    const auto read = read_vector(file, layer);
    ASSERT_FALSE(read) << file;
    EXPECT_EQ(read.error().code(), code) << read.error().message();
    EXPECT_NE(read.error().message().find(file.string()), std::string::npos) << read.error().message();
  }

  static constexpr const char* kRing = "[[0,0],[4,0],[4,4],[0,4],[0,0]]";
  static constexpr const char* kHole = "[[1,1],[1,2],[2,2],[2,1],[1,1]]";
  const std::string kTwo = feature(std::string(R"({"type":"Polygon","coordinates":[)") + kRing + "," + kHole + "]}") +
                           "," +
                           feature(std::string(R"({"type":"MultiPolygon","coordinates":[[)") + kRing +
                                   "],[[[10,0],[11,0],[11,1],[10,0]]]]}");
  fs::path folder_;
};

TEST_F(VectorFormats, EveryFormatGivesTheSameFeatures) {
  const auto expected = read_vector(write("land.geojson", collection(kTwo)), "");
  ASSERT_TRUE(expected) << expected.error().message();
  ASSERT_EQ(expected->features.size(), 2U);
  EXPECT_EQ(expected->columns, (std::vector<std::string>{"code", "n"}));
  EXPECT_EQ(expected->features[0].values, (std::vector<std::string>{"DE", "7"}));
  EXPECT_EQ(expected->features[0].polygons.at(0).holes.size(), 1U);
  for (const auto& [name, options] :
       std::vector<std::pair<std::string, std::string>>{{"land.gpkg", "-f GPKG -nlt PROMOTE_TO_MULTI"},
                                                        {"land.shp", "-f 'ESRI Shapefile' -lco ENCODING=UTF-8"},
                                                        {"z.shp", "-f 'ESRI Shapefile' -dim XYZ"},
                                                        {"zm.gpkg", "-f GPKG -dim XYZM -nlt MULTIPOLYGONZM"},
                                                        {"seq.geojson", "-f GeoJSON -lco RFC7946=YES"}}) {
    const auto read = read_vector(converted(name, options), "");
    ASSERT_TRUE(read) << name << ": " << read.error().message();
    ASSERT_EQ(read->features.size(), 2U) << name;
    EXPECT_EQ(read->features[1].polygons.size(), 2U) << name;
    EXPECT_EQ(read->features[0].polygons.at(0).exterior.size(), 5U) << name;
    EXPECT_EQ(read->features[0].values.at(0), "DE") << name;
  }
}

TEST_F(VectorFormats, AShapefileIsSeveralFiles) {
  const auto file = converted("land.shp", "-f 'ESRI Shapefile'");
  EXPECT_GE(vector_files(file).size(), 4U);
  EXPECT_EQ(vector_files(folder_ / "land.gpkg").size(), 1U);
  fs::remove(folder_ / "land.prj");
  refused(file, "REF_VEC_CRS");
}

TEST_F(VectorFormats, WrongFeaturesAreNamed) {
  refused(write("point.geojson", collection(feature(R"({"type":"Point","coordinates":[1,2]})"))), "REF_VEC_TYPE");
  refused(write("line.geojson", collection(feature(R"({"type":"LineString","coordinates":[[1,2],[3,4]]})"))),
          "REF_VEC_TYPE");
  refused(write("metres.geojson",
                collection(feature(R"({"type":"Polygon","coordinates":[[[0,0],[5e5,0],[5e5,5e5],[0,0]]]})"))),
          "REF_VEC_BOUNDS");
  refused(write("swapped.geojson",
                collection(feature(R"({"type":"Polygon","coordinates":[[[0,100],[1,120],[2,130],[0,100]]]})"))),
          "REF_VEC_BOUNDS");
  refused(write("open.geojson", collection(feature(R"({"type":"Polygon","coordinates":[[[0,0],[1,0]]]})"))),
          "REF_VEC_INVALID");
  refused(write("none.geojson", collection("")), "REF_VEC_EMPTY");
  refused(write("text.geojson", "no json"), "PW_GEO");
  refused(folder_ / "absent.geojson", "PW_INPUT");
}

TEST_F(VectorFormats, OtherCoordinateSystemsAreRefused) {
  for (const char* system : {"EPSG:3857", "EPSG:4267", "EPSG:4258", "EPSG:32633"})
    refused(converted("other.gpkg", std::string("-overwrite -f GPKG -a_srs ") + system), "REF_VEC_CRS");
}

TEST_F(VectorFormats, ASeveralLayerFileNeedsAName) {
  const auto file = converted("two.gpkg", "-f GPKG -nln one");
  converted("two.gpkg", "-update -nln other");
  refused(file, "REF_VEC_LAYER");
  refused(file, "REF_VEC_LAYER", "third");
  EXPECT_TRUE(read_vector(file, "other"));
}

}  // namespace
}  // namespace placewright::geo_io
