#include <gtest/gtest.h>
#include <unistd.h>

#include "geo_io/vector.hpp"
#include "table/table.hpp"

namespace placewright::geo_io {
namespace {

namespace fs = std::filesystem;

// Code of reading a GeoParquet file without rows whose `geo` record is this.
std::string code_of(const std::string& geo) {
  const auto file = fs::temp_directory_path() / ("pw-vector-" + std::to_string(::getpid()) + ".parquet");
  table::WriteOptions options;
  options.metadata = {{"geo", geo}};
  auto writer = table::FileWriter::create(file, {{"geometry", table::Kind::bytes}}, options);
  EXPECT_TRUE(writer && writer->close());
  const auto read = read_vector(file, "");
  fs::remove(file);
  return read ? "none" : read.error().code();
}

TEST(ReadVector, AnyGeoRecordHasItsCode) {
  EXPECT_EQ(code_of(R"({"primary_column":"geometry","columns":{"geometry":{"encoding":"WKB"}}})"), "REF_VEC_EMPTY");
  EXPECT_EQ(code_of("{"), "PW_JSON");
  for (const auto* geo : {"[]", "3", R"({"primary_column":"g","columns":{}})", R"({"primary_column":1,"columns":2})",
                          R"({"primary_column":"geometry","columns":{"geometry":[]}})",
                          R"({"primary_column":"geometry","columns":{"geometry":"WKB"}})"}) {
    EXPECT_EQ(code_of(geo), "PW_GEO") << geo;
  }
  EXPECT_EQ(code_of(R"({"primary_column":"geometry","columns":{"geometry":{"encoding":"WKB","crs":[]}}})"),
            "REF_VEC_CRS");
}

// A column without a value takes 100 bytes, whatever the number of rows it claims.
TEST(ReadVector, RefusesMoreFeaturesThanItCanHold) {
  const auto file = fs::temp_directory_path() / ("pw-bomb-" + std::to_string(::getpid()) + ".parquet");
  table::WriteOptions options;
  options.metadata = {{"geo", R"({"primary_column":"geometry","columns":{"geometry":{"encoding":"WKB"}}})"}};
  options.null_columns = {"geometry"};
  options.rows_per_group = 2'000'000;
  auto writer = table::FileWriter::create(file, {{"geometry", table::Kind::bytes}}, options);
  ASSERT_TRUE(writer && writer->write({1'000'001, {std::vector<std::string>()}}) && writer->close());
  EXPECT_LT(fs::file_size(file), 200'000U);
  const auto read = read_vector(file, "");
  fs::remove(file);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), "PW_GEO");
  EXPECT_NE(read.error().message().find("1000001 features"), std::string::npos) << read.error().message();
}

}  // namespace
}  // namespace placewright::geo_io
