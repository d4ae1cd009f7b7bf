#include "geo_io/countries.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "geo/validity.hpp"
#include "geo_io/geos.hpp"
#include "geo_io/wkb.hpp"
#include "table/table.hpp"

namespace placewright::geo_io {
namespace {

namespace fs = std::filesystem;
using table::Kind;

constexpr std::uint64_t kMostRows = 1'000'000;  // a few kilobytes of Parquet may claim billions

// One row of the file.
struct Row {
  Iso iso;
  std::string wkb;
  geo::MultiPolygon polygons;
  std::string problem;
  std::optional<Error> fault;
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

Result<std::vector<Row>> read_rows(const fs::path& file) {
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
  std::vector<Row> rows;
  for (std::size_t group = 0; group < dataset.groups(); ++group) {
    auto batch =
        dataset.read(group, {{"country_iso", Kind::text}, {"geom", Kind::bytes, table::Encoding::automatic, true}});
    if (!batch) return std::move(batch).error().as("PW_GEO");
    for (std::size_t i = 0; i < batch->rows; ++i) {
      Row row;
      const auto code = code_of(batch->text(0).at(i));
      if (code)
        row.iso = *code;
      else
        row.fault = code.error();
      row.wkb = std::move(std::get<std::vector<std::string>>(batch->columns[1])[i]);
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

// Null and empty come as no bytes; an empty geometry has bytes but no ring.
void judge(Row& row) {
  if (row.fault) return;
  if (row.wkb.empty()) {
    row.problem = "null_geometry";
    return;
  }
  auto polygons = polygons_of_wkb(row.wkb);
  row.wkb = {};
  if (!polygons) {
    row.fault = std::move(polygons).error();
    return;
  }
  row.polygons = *std::move(polygons);
  if (row.polygons.empty())
    row.problem = "empty_geometry";
  else if (!geo::prove_valid(row.polygons).valid)
    row.problem = invalid_reason(row.polygons);
}

// The longest first, so that no thread is left alone with one at the end.
Result<void> judge_all(std::vector<Row>& rows, work::Pool* pool) {
  std::vector<Row*> order;
  for (auto& row : rows) order.push_back(&row);
  std::ranges::stable_sort(order, [](const Row* a, const Row* b) { return a->wkb.size() > b->wkb.size(); });
  const auto work = [&](std::size_t i) -> Result<void> {
    judge(*order[i]);
    return {};
  };
  if (pool != nullptr) return work::for_each(*pool, order.size(), work);
  for (auto* row : order) judge(*row);
  return {};
}

CountryShape shape_of(Iso iso, const std::vector<Row*>& rows) {
  CountryShape shape{{iso, {}}, {}};
  auto& polygons = shape.country.polygons;
  std::size_t shapes = 0;
  for (auto* row : rows) {
    if (shape.problem.empty()) shape.problem = row->problem;
    shapes += row->problem == "null_geometry" ? 0 : 1;
    polygons.insert(polygons.end(), std::make_move_iterator(row->polygons.begin()),
                    std::make_move_iterator(row->polygons.end()));
  }
  if (!shape.problem.empty() || shapes == 1) return shape;
  auto united = union_of(polygons);
  if (united)
    polygons = *std::move(united);
  else
    shape.problem = united.error().message();
  if (shape.problem.empty() && polygons.empty()) shape.problem = "empty_geometry";  // slivers that a union takes away
  return shape;
}

}  // namespace

Result<std::vector<CountryShape>> read_countries(const fs::path& file, work::Pool* pool) {
  PW_TRY(auto rows, read_rows(file));
  PW_CHECK(judge_all(rows, pool));
  std::map<Iso, std::vector<Row*>> by_code;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].fault) return in_row(file, i, *rows[i].fault);
    by_code[rows[i].iso].push_back(&rows[i]);
  }
  std::vector<CountryShape> shapes;
  for (const auto& [iso, own] : by_code) shapes.push_back(shape_of(iso, own));
  return shapes;
}

}  // namespace placewright::geo_io
