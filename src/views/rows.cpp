#include "views/rows.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "datasets/tile_rows.hpp"
#include "datasets/tiles.hpp"
#include "datasets/weight_rows.hpp"
#include "datasets/weights.hpp"
#include "geo/span_cursor.hpp"
#include "store/files.hpp"
#include "table/table.hpp"

namespace placewright::views {
namespace {

namespace fs = std::filesystem;

// Runs of weights count positions, rows name tiles.
Result<std::uint64_t> write_weights(const fs::path& file, Iso country, const std::string& basis,
                                    const geo::TileSet& tiles, const datasets::CountryWeights& weights) {
  PW_TRY(auto rows, datasets::WeightRows::create(file, country, weights.dp, basis));
  geo::SpanCursor cursor(tiles);
  for (const auto& run : weights.runs) {
    PW_CHECK(cursor.take(run.length,
                         [&](TileId first, std::uint64_t length) { return rows.add(first, length, run.weight); }));
  }
  return rows.close();
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
Result<std::uint64_t> write_countries(
    const fs::path& folder, const std::vector<Iso>& countries, work::Pool& pool,
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
  if (made)
    made = store::rename_path(fs::absolute(aside), fs::absolute(folder.has_filename() ? folder : folder.parent_path()));
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
  const datasets::TileRows rows(universe.grid());
  return write_countries(folder, universe.countries(), pool,
                         [&](const fs::path& aside, Iso country) -> Result<std::uint64_t> {
                           const auto place = aside / ("country=" + country.text());
                           PW_CHECK(store::make_folder(place));
                           PW_TRY(const auto tiles, universe.load(country));
                           return rows.write_index(place / "part-000.parquet", country, rules.of(country), tiles);
                         });
}

Result<std::uint64_t> export_weights(const store::RunFolder& run, const fs::path& folder, work::Pool& pool) {
  PW_TRY(const auto universe, datasets::TileUniverse::open(run));
  PW_TRY(const auto source, datasets::WeightSource::open(run));
  PW_TRY(const auto basis, basis_of(source));
  return write_countries(
      folder, source.countries(), pool, [&](const fs::path& aside, Iso country) -> Result<std::uint64_t> {
        PW_TRY(const auto tiles, universe.load(country));
        PW_TRY(const auto weights, source.load(country, tiles));
        return write_weights(aside / ("part-" + country.text() + ".parquet"), country, basis, tiles, weights);
      });
}

}  // namespace placewright::views
