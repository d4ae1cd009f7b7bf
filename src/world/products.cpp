#include "world/products.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "geo_io/countries.hpp"
#include "store/files.hpp"
#include "table/table.hpp"
#include "world/build.hpp"

namespace placewright::world {
namespace {

// PROJJSON of EPSG:4326, fixed here so that no installed database decides bytes.
constexpr std::string_view kWgs84 = R"json({
  "$schema": "https://proj.org/schemas/v0.7/projjson.schema.json", "type": "GeographicCRS", "name": "WGS 84",
  "datum_ensemble": {"name": "World Geodetic System 1984 ensemble", "members": [
    {"name": "World Geodetic System 1984 (Transit)"}, {"name": "World Geodetic System 1984 (G730)"},
    {"name": "World Geodetic System 1984 (G873)"}, {"name": "World Geodetic System 1984 (G1150)"},
    {"name": "World Geodetic System 1984 (G1674)"}, {"name": "World Geodetic System 1984 (G1762)"},
    {"name": "World Geodetic System 1984 (G2139)"}],
    "ellipsoid": {"name": "WGS 84", "semi_major_axis": 6378137, "inverse_flattening": 298.257223563},
    "accuracy": "2.0", "id": {"authority": "EPSG", "code": 6326}},
  "coordinate_system": {"subtype": "ellipsoidal", "axis": [
    {"name": "Geodetic latitude", "abbreviation": "Lat", "direction": "north", "unit": "degree"},
    {"name": "Geodetic longitude", "abbreviation": "Lon", "direction": "east", "unit": "degree"}]},
  "id": {"authority": "EPSG", "code": 4326}})json";

Result<std::string> geo_metadata(const std::vector<WorldCountry>& countries) {
  std::set<std::string> types;
  auto box = geo::bounds(countries.front().polygons);
  for (const auto& country : countries) {
    types.insert(country.polygons.size() == 1 ? "Polygon" : "MultiPolygon");
    const auto b = geo::bounds(country.polygons);
    box = {std::min(box.min_lon, b.min_lon), std::min(box.min_lat, b.min_lat), std::max(box.max_lon, b.max_lon),
           std::max(box.max_lat, b.max_lat)};
  }
  return geo_record(types, box);
}

table::TextColumn text_column(std::vector<std::string> values) {
  table::TextColumn column;
  for (std::uint32_t i = 0; i < values.size(); ++i) column.codes.push_back(i);
  column.dictionary = std::move(values);
  return column;
}

Result<void> write_table(const fs::path& file, table::Schema schema, const table::Batch& batch,
                         table::WriteOptions options) {
  PW_CHECK(store::make_folder(file.parent_path()));
  PW_TRY(auto writer, table::FileWriter::create(file, std::move(schema), std::move(options)));
  PW_CHECK(writer.write(batch));
  PW_TRY(const auto written, writer.close());
  return {};
}

}  // namespace

Result<std::string> geo_record(const std::set<std::string>& types, const geo::Box& box) {
  PW_TRY(const auto crs, parse_json(kWgs84, "WGS 84"));
  const Json column = {{"encoding", "WKB"},
                       {"geometry_types", types},
                       {"crs", crs},
                       {"bbox", {box.min_lon, box.min_lat, box.max_lon, box.max_lat}}};
  return compact({{"version", "1.0.0"}, {"primary_column", "geom"}, {"columns", {{"geom", column}}}});
}

Result<void> write_iso_table(const fs::path& file, const std::vector<CountryInfo>& table) {
  std::vector<std::string> codes, alpha3, names;
  std::vector<std::int16_t> numbers;
  for (const auto& row : table) {
    codes.push_back(row.iso.text());
    alpha3.push_back(row.alpha3);
    numbers.push_back(row.numeric);
    names.push_back(row.name);
  }
  using table::Kind;
  table::Schema schema = {{"country_iso", Kind::text},  {"alpha3", Kind::text},    {"numeric_code", Kind::i16},
                          {"name", Kind::text},         {"region", Kind::text},    {"subregion", Kind::text},
                          {"start_date", Kind::date32}, {"end_date", Kind::date32}};
  table::Batch batch;
  batch.rows = table.size();
  batch.columns = {text_column(codes),          text_column(alpha3),        numbers,
                   text_column(names),          table::TextColumn{},        table::TextColumn{},
                   std::vector<std::int32_t>{}, std::vector<std::int32_t>{}};
  table::WriteOptions options;
  options.null_columns = {"region", "subregion", "start_date", "end_date"};
  return write_table(file, std::move(schema), batch, std::move(options));
}

Result<void> write_polygons(const fs::path& file, const std::vector<WorldCountry>& countries) {
  std::vector<std::string> codes, names, shapes;
  for (const auto& country : countries) {
    codes.push_back(country.iso.text());
    names.push_back(country.name);
    shapes.push_back(geo_io::wkb_of(country.polygons));
  }
  table::Batch batch;
  batch.rows = countries.size();
  batch.columns = {text_column(std::move(codes)), text_column(std::move(names)), std::move(shapes)};
  table::WriteOptions options;
  PW_TRY(auto metadata, geo_metadata(countries));
  options.metadata = {{"geo", std::move(metadata)}};
  return write_table(file,
                     {{"country_iso", table::Kind::text}, {"name", table::Kind::text}, {"geom", table::Kind::bytes}},
                     batch, std::move(options));
}

Result<void> copy_tables(const fs::path& world, const Pack& pack) {
  const auto copy = [&](const std::string& name, const fs::path& to) -> Result<void> {
    PW_TRY(const auto text, pack.read(name));
    PW_CHECK(store::make_folder((world / to).parent_path()));
    return store::write_plain(world / to, text);
  };
  for (const auto& [name, digest] : pack.digests()) {
    if (name.starts_with("licenses/")) PW_CHECK(copy(name, name));
  }
  return copy(std::string(kRegionsFile), kRegionsPath);
}

}  // namespace placewright::world
