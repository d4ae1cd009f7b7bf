#include "geo_io/countries.hpp"

#include <map>

#include "base/text.hpp"
#include "geo_io/geos.hpp"
#include "geo_io/wkb.hpp"
#include "table/table.hpp"

namespace placewright::geo_io {
namespace {

namespace fs = std::filesystem;
using table::Kind;

constexpr std::uint64_t kMostRows = 1'000'000;  // a few kilobytes of Parquet may claim billions

// All rows of one code, in file order.
struct Rows {
  std::vector<geo::MultiPolygon> shapes;
  std::string problem;  // of the first row that has one
};

Error in_row(const fs::path& file, std::size_t row, Error error) {
  return std::move(error)
      .in(file.string() + ", row " + std::to_string(row + 1))
      .with("file", file.string())
      .with("row", row + 1);
}

Result<Iso> code_of(std::string_view text) {
  const auto iso = Iso::parse(upper(text));
  if (!iso) return Error("PW_GEO", "country_iso is \"" + std::string(text) + "\", not two letters").with("value", text);
  return *iso;
}

// Null and empty come as no bytes; an empty geometry has bytes but no ring.
Result<void> add_row(Rows& rows, const std::string& wkb) {
  std::string problem;
  if (wkb.empty()) {
    problem = "null_geometry";
  } else {
    PW_TRY(auto polygons, polygons_of_wkb(wkb));
    problem = polygons.empty() ? "empty_geometry" : invalid_reason(polygons);
    rows.shapes.push_back(std::move(polygons));
  }
  if (rows.problem.empty()) rows.problem = std::move(problem);
  return {};
}

CountryShape shape_of(Iso iso, Rows rows) {
  CountryShape shape{{iso, {}}, std::move(rows.problem)};
  auto& polygons = shape.country.polygons;
  for (auto& part : rows.shapes)
    polygons.insert(polygons.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
  if (!shape.problem.empty() || rows.shapes.size() == 1) return shape;
  auto united = union_of(polygons);
  if (united)
    polygons = *std::move(united);
  else
    shape.problem = united.error().message();
  return shape;
}

}  // namespace

Result<std::vector<CountryShape>> read_countries(const fs::path& file) {
  PW_TRY(const auto dataset, table::Dataset::open(file));
  if (!dataset.has("country_iso") || !dataset.has("geom")) {
    return Error("PW_GEO", file.string() +
                               " lacks a column; country polygons need country_iso and geom, the file has " +
                               join(dataset.column_names(), ", "))
        .with("file", file.string());
  }
  if (dataset.rows() > kMostRows) {
    return Error("PW_GEO", file.string() + " claims " + std::to_string(dataset.rows()) +
                               " rows of polygons; at most 1,000,000 are read")
        .with("file", file.string());
  }
  std::map<Iso, Rows> by_code;
  std::size_t row = 0;
  for (std::size_t group = 0; group < dataset.groups(); ++group) {
    auto batch =
        dataset.read(group, {{"country_iso", Kind::text}, {"geom", Kind::bytes, table::Encoding::automatic, true}});
    if (!batch) return std::move(batch).error().as("PW_GEO");
    for (std::size_t i = 0; i < batch->rows; ++i, ++row) {
      const auto code = code_of(batch->text(0).at(i));
      if (!code) return in_row(file, row, code.error());
      if (auto added = add_row(by_code[*code], batch->bytes(1)[i]); !added)
        return in_row(file, row, std::move(added).error());
    }
  }
  std::vector<CountryShape> shapes;
  for (auto& [iso, rows] : by_code) shapes.push_back(shape_of(iso, std::move(rows)));
  return shapes;
}

}  // namespace placewright::geo_io
