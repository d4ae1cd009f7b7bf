#include "geo_io/countries.hpp"
#include "geo_io/geos.hpp"
#include "support/scratch.hpp"
#include "table/table.hpp"

namespace placewright::geo_io {
namespace {

using table::Kind;

geo::Ring square(double lon, double lat, double side) {
  return {{lon, lat}, {lon + side, lat}, {lon + side, lat + side}, {lon, lat + side}, {lon, lat}};
}

std::filesystem::path write(const Scratch& scratch, const std::vector<std::pair<std::string, std::string>>& rows) {
  table::Batch batch;
  table::TextColumn codes;
  std::vector<std::string> shapes;
  for (const auto& [code, shape] : rows) {
    codes.codes.push_back(static_cast<std::uint32_t>(codes.dictionary.size()));
    codes.dictionary.push_back(code);
    shapes.push_back(shape);
  }
  batch.rows = rows.size();
  batch.columns = {codes, shapes};
  auto writer = table::FileWriter::create(scratch / "c.parquet", {{"country_iso", Kind::text}, {"geom", Kind::bytes}});
  EXPECT_TRUE(writer->write(batch));
  EXPECT_TRUE(writer->close());
  return scratch / "c.parquet";
}

TEST(Countries, ComeByCodeInUpperCase) {
  const Scratch scratch;
  const auto file = write(
      scratch, {{"fr", wkb_of({{square(0, 40, 5), {}}})}, {"DE", wkb_of({{square(8, 50, 5), {square(9, 51, 1)}}})}});
  const auto countries = read_countries(file);
  ASSERT_TRUE(countries) << countries.error().message();
  ASSERT_EQ(countries->size(), 2U);
  EXPECT_EQ((*countries)[0].country.iso.text(), "DE");
  EXPECT_EQ((*countries)[0].country.polygons[0].holes.size(), 1U);
  EXPECT_EQ((*countries)[1].country.iso.text(), "FR");
  EXPECT_EQ((*countries)[1].problem, "");
  EXPECT_EQ((*countries)[1].country.polygons[0].exterior, square(0, 40, 5));
}

TEST(Countries, RowsOfOneCodeAreUnited) {
  const Scratch scratch;
  const auto file = write(scratch, {{"FR", wkb_of({{square(0, 0, 2), {}}})},
                                    {"DE", wkb_of({{square(50, 0, 2), {}}})},
                                    {"FR", wkb_of({{square(1, 0, 2), {}}})},
                                    {"fr", wkb_of({{square(20, 0, 2), {}}})}});
  const auto countries = read_countries(file);
  ASSERT_TRUE(countries) << countries.error().message();
  ASSERT_EQ(countries->size(), 2U);
  const auto& france = (*countries)[1];
  EXPECT_EQ(france.problem, "");
  ASSERT_EQ(france.country.polygons.size(), 2U);  // the first two overlap
  double east = 0;
  for (const auto& polygon : france.country.polygons) {
    for (const auto& point : polygon.exterior) east = std::max(east, point.lon);
  }
  EXPECT_EQ(east, 22);
}

// Found by fuzzing: coordinates that are no degrees, of which a union leaves nothing.
TEST(Countries, RowsWhoseUnionIsEmptyAreNamed) {
  const Scratch scratch;
  const geo::Ring broad = {{8, 50}, {9, 2}, {9, 51}, {8, 51}, {8, 50}};
  const geo::Ring tall = {{8, 50}, {9, 0x1.2p+615}, {-0x1.2p-614, 51}, {8, 0x1p-223}, {8, 50}};
  const geo::Ring wide = {{8.5, 50}, {10, 0}, {0x1p+64, 51}, {8.5, 50}};
  const auto file =
      write(scratch, {{"FR", wkb_of({{broad, {}}})}, {"FR", wkb_of({{tall, {}}})}, {"FR", wkb_of({{wide, {}}})}});
  const auto countries = read_countries(file);
  ASSERT_TRUE(countries) << countries.error().message();
  EXPECT_TRUE((*countries)[0].country.polygons.empty());
  EXPECT_EQ((*countries)[0].problem, "empty_geometry");
}

TEST(Countries, AnInvalidPolygonIsNamedNotRefused) {
  const Scratch scratch;
  const geo::Ring bow = {{0, 0}, {2, 2}, {2, 0}, {0, 2}, {0, 0}};
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  const geo::Ring broken = {{0, 0}, {2, nan}, {2, 0}, {0, 2}, {0, 0}};
  const auto file = write(scratch, {{"AA", wkb_of({{bow, {}}})},
                                    {"BB", wkb_of({})},
                                    {"CC", ""},
                                    {"DD", wkb_of({{broken, {}}})},
                                    {"EE", wkb_of({{square(0, 0, 2), {}}, {square(1, 1, 2), {}}})}});
  const auto countries = read_countries(file);
  ASSERT_TRUE(countries) << countries.error().message();
  ASSERT_EQ(countries->size(), 5U);
  EXPECT_EQ((*countries)[0].problem, "Self-intersection[1 1]");
  EXPECT_EQ((*countries)[1].problem, "empty_geometry");
  EXPECT_EQ((*countries)[2].problem, "null_geometry");
  EXPECT_NE((*countries)[3].problem, "");
  EXPECT_NE((*countries)[4].problem, "");
}

TEST(Countries, NullGeometriesOfOtherWritersAreNamed) {
  const auto countries = read_countries(PW_TESTS "/data/table/null_geometry.parquet");
  ASSERT_TRUE(countries) << countries.error().message();
  ASSERT_EQ(countries->size(), 2U);
  EXPECT_EQ((*countries)[0].problem, "");
  EXPECT_EQ((*countries)[1].problem, "null_geometry");
}

TEST(Countries, AMissingColumnIsNamed) {
  const Scratch scratch;
  auto writer = table::FileWriter::create(scratch / "c.parquet", {{"iso", Kind::text}, {"geom", Kind::bytes}});
  ASSERT_TRUE(writer->close());
  const auto countries = read_countries(scratch / "c.parquet");
  ASSERT_FALSE(countries);
  EXPECT_EQ(countries.error().code(), "PW_GEO");
  EXPECT_NE(countries.error().message().find("country_iso and geom"), std::string::npos);
}

TEST(Countries, DamageIsNamedWithItsRow) {
  const Scratch scratch;
  const auto good = wkb_of({{square(0, 0, 1), {}}});
  const auto damaged = read_countries(write(scratch, {{"DE", good}, {"FR", good.substr(0, 40)}}));
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code(), "PW_GEO");
  EXPECT_NE(damaged.error().message().find("row 2"), std::string::npos) << damaged.error().message();
  const auto coded = read_countries(write(scratch, {{"-99", good}}));
  ASSERT_FALSE(coded);
  EXPECT_EQ(coded.error().code(), "PW_GEO");
  EXPECT_NE(coded.error().message().find("-99"), std::string::npos);
}

TEST(Countries, AMissingFileIsAnInputError) {
  const auto countries = read_countries("/nowhere/world_countries.parquet");
  ASSERT_FALSE(countries);
  EXPECT_EQ(countries.error().code(), "PW_INPUT");
}

TEST(Geos, UnionKeepsHoles) {
  const auto united = union_of({{square(0, 0, 10), {square(4, 4, 2)}}, {square(20, 0, 1), {}}});
  ASSERT_TRUE(united);
  ASSERT_EQ(united->size(), 2U);
  EXPECT_EQ((*united)[0].holes.size() + (*united)[1].holes.size(), 1U);
}

}  // namespace
}  // namespace placewright::geo_io
