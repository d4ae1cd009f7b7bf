#include "views/rows.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "datasets/schemas.hpp"
#include "datasets/tiles.hpp"
#include "datasets/weights.hpp"
#include "geo/area.hpp"
#include "store/files.hpp"
#include "table/table.hpp"

namespace placewright::views {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRows = 200'000;  // of a row group, and in memory at a time

// What is the same in every row of the grid, computed once.
struct Cells {
  geo::Grid grid;
  std::vector<double> areas;  // of every raster row; empty for a rotated grid

  explicit Cells(const geo::Grid& g) : grid(g) {
    if (!grid.rotated()) areas = geo::row_areas(grid);
  }
  double area(std::uint32_t row, std::uint32_t column) const {
    return areas.empty() ? geo::cell_area(grid, row, column) : areas[row];
  }
};

// Rows of one tile_index file, gathered to row groups.
class IndexRows {
 public:
  IndexRows(const Cells& cells, Iso country, std::string rule, table::FileWriter& writer)
      : cells_(cells), country_(country), rule_(std::move(rule)), writer_(writer) {}

  Result<void> add(TileId tile) {
    const auto row = cells_.grid.row_of(tile);
    const auto column = cells_.grid.column_of(tile);
    const auto bounds = geo::tile_bounds(cells_.grid, row, column);
    tile_.push_back(tile);
    row_.push_back(row);
    column_.push_back(column);
    lon_.push_back(bounds.centroid_lon);
    lat_.push_back(bounds.centroid_lat);
    area_.push_back(cells_.area(row, column));
    return tile_.size() < kRows ? Result<void>() : flush();
  }

  Result<void> flush() {
    table::Batch batch;
    batch.rows = tile_.size();
    batch.columns.emplace_back(table::TextColumn::repeated(country_.text(), batch.rows));
    for (auto* column : {&tile_, &row_, &column_}) batch.columns.emplace_back(std::exchange(*column, {}));
    for (auto* column : {&lon_, &lat_, &area_}) batch.columns.emplace_back(std::exchange(*column, {}));
    batch.columns.emplace_back(table::TextColumn::repeated(rule_, batch.rows));
    return writer_.write(batch);
  }

 private:
  const Cells& cells_;
  Iso country_;
  std::string rule_;
  table::FileWriter& writer_;
  std::vector<std::uint64_t> tile_, row_, column_;
  std::vector<double> lon_, lat_, area_;
};

Result<table::FileWriter> open_writer(const fs::path& file, const table::Schema& schema) {
  table::WriteOptions options;
  options.rows_per_group = kRows;
  return table::FileWriter::create(file, schema, std::move(options));
}

Result<std::uint64_t> write_index(const fs::path& file, const Cells& cells, Iso country, const std::string& rule, const geo::TileSet& tiles) {
  PW_TRY(auto writer, open_writer(file, datasets::kTileIndex));
  IndexRows rows(cells, country, rule, writer);
  for (const auto& span : tiles.spans()) {
    for (std::uint32_t i = 0; i < span.length; ++i) PW_CHECK(rows.add(span.first + i));
  }
  PW_CHECK(rows.flush());
  PW_TRY(const auto written, writer.close());
  return written.rows;
}

// The tiles' ids in order, from any position on.
class TileCursor {
 public:
  explicit TileCursor(const geo::TileSet& tiles) : tiles_(tiles) {}
  TileId next() {
    while (at_ == tiles_.spans()[span_].length) ++span_, at_ = 0;
    return tiles_.spans()[span_].first + at_++;
  }

 private:
  const geo::TileSet& tiles_;
  std::size_t span_ = 0;
  std::uint32_t at_ = 0;
};

Result<std::uint64_t> write_weights(const fs::path& file, Iso country, const std::string& basis, const geo::TileSet& tiles,
                                    const datasets::CountryWeights& weights) {
  PW_TRY(auto writer, open_writer(file, datasets::kTileWeights));
  TileCursor cursor(tiles);
  std::vector<std::uint64_t> ids;
  std::vector<std::int64_t> values;
  const auto flush = [&]() -> Result<void> {
    table::Batch batch;
    batch.rows = ids.size();
    batch.columns.emplace_back(table::TextColumn::repeated(country.text(), batch.rows));
    batch.columns.emplace_back(std::exchange(ids, {}));
    batch.columns.emplace_back(std::exchange(values, {}));
    batch.columns.emplace_back(std::vector<std::int64_t>(batch.rows, weights.dp));
    batch.columns.emplace_back(table::TextColumn::repeated(basis, batch.rows));
    return writer.write(batch);
  };
  for (const auto& run : weights.runs) {
    for (std::uint64_t i = 0; i < run.length; ++i) {
      ids.push_back(cursor.next());
      values.push_back(run.weight);
      if (ids.size() == kRows) PW_CHECK(flush());
    }
  }
  PW_CHECK(flush());
  PW_TRY(const auto written, writer.close());
  return written.rows;
}

// What S1's report says of the countries' tiles.
struct Rules {
  std::string predicate;
  std::vector<std::string> touched;  // countries that center_or_overlap gave the tiles they touch

  std::string of(Iso country) const {
    if (predicate != "center_or_overlap") return predicate;
    return std::ranges::find(touched, country.text()) == touched.end() ? "center" : "any_overlap";
  }
};

Result<Rules> rules_of(const store::RunFolder& run) {
  PW_TRY(const auto file, run.target("s1_run_report"));
  PW_TRY(const auto report, store::read_json(file));
  if (!report.is_object() || !report.contains("predicate") || !report["predicate"].is_string()) {
    return Error("PW_INPUT", file.string() + " does not name the predicate of the tiles");
  }
  Rules rules{report["predicate"].get<std::string>(), {}};
  for (const auto& code : report.value("any_overlap_countries", Json::array()))
    if (code.is_string()) rules.touched.push_back(code.get<std::string>());
  return rules;
}

Result<std::string> basis_of(const datasets::WeightSource& weights) {
  PW_TRY(const auto data, table::Dataset::open(weights.root()));
  PW_TRY(const auto first, data.read(0, {{"basis", table::Kind::text}}));
  return std::string(first.text(0).at(0));
}

// One file a country, made aside and moved to its place when all are whole.
Result<std::uint64_t> write_countries(const fs::path& folder, const std::vector<Iso>& countries, work::Pool& pool,
                                      const std::function<Result<std::uint64_t>(const fs::path& aside, Iso country)>& write) {
  std::error_code error;
  if (fs::exists(folder, error) && !(fs::is_directory(folder, error) && fs::is_empty(folder, error))) {
    return Error("PW_OTHER_RUN", folder.string() + " holds files already; choose another folder");
  }
  const fs::path aside = (folder.has_filename() ? folder : folder.parent_path()).string() + ".part";
  fs::remove_all(aside, error);
  PW_CHECK(store::make_folder(aside));
  std::atomic<std::uint64_t> rows = 0;
  auto made = work::for_each(pool, countries.size(), [&](std::size_t i) -> Result<void> {
    PW_TRY(const auto written, write(aside, countries[i]));
    rows += written;
    return {};
  });
  if (made) made = store::rename_path(fs::absolute(aside), fs::absolute(folder.has_filename() ? folder : folder.parent_path()));
  if (!made) {
    fs::remove_all(aside, error);
    return std::move(made).error();
  }
  return rows.load();
}

}  // namespace

Result<std::uint64_t> export_tiles(const store::RunFolder& run, const fs::path& folder, work::Pool& pool) {
  PW_TRY(const auto universe, datasets::TileUniverse::open(run));
  PW_TRY(const auto rules, rules_of(run));
  const Cells cells(universe.grid());
  return write_countries(folder, universe.countries(), pool, [&](const fs::path& aside, Iso country) -> Result<std::uint64_t> {
    const auto place = aside / ("country=" + country.text());
    PW_CHECK(store::make_folder(place));
    PW_TRY(const auto tiles, universe.load(country));
    return write_index(place / "part-000.parquet", cells, country, rules.of(country), tiles);
  });
}

Result<std::uint64_t> export_weights(const store::RunFolder& run, const fs::path& folder, work::Pool& pool) {
  PW_TRY(const auto universe, datasets::TileUniverse::open(run));
  PW_TRY(const auto source, datasets::WeightSource::open(run));
  PW_TRY(const auto basis, basis_of(source));
  return write_countries(folder, source.countries(), pool, [&](const fs::path& aside, Iso country) -> Result<std::uint64_t> {
    PW_TRY(const auto tiles, universe.load(country));
    PW_TRY(const auto weights, source.load(country, tiles));
    return write_weights(aside / ("part-" + country.text() + ".parquet"), country, basis, tiles, weights);
  });
}

}  // namespace placewright::views
