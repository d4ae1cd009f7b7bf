#include "states/s1_tiles/tiles.hpp"

#include <algorithm>
#include <numeric>

#include "base/text.hpp"
#include "datasets/schemas.hpp"
#include "datasets/tile_rows.hpp"
#include "states/s1_tiles/cells.hpp"
#include "states/s1_tiles/inputs.hpp"
#include "states/s1_tiles/report.hpp"
#include "states/s1_tiles/spans.hpp"
#include "states/same_rows.hpp"
#include "store/files.hpp"
#include "store/publish.hpp"

namespace placewright::states::s1_tiles {
namespace {

// Numbers 0 .. n-1, heaviest first, so that no thread is left alone with a large country at the end.
template <class Weight>
std::vector<std::size_t> heaviest_first(std::size_t n, const Weight& weight) {
  std::vector<decltype(weight(n))> weights;
  for (std::size_t i = 0; i < n; ++i) weights.push_back(weight(i));
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t i) { return weights[i]; });
  return order;
}

double window_size(const geo::Country& country) {
  if (country.polygons.empty()) return 0;
  const auto box = geo::bounds(country.polygons);
  return (box.max_lon - box.min_lon) * (box.max_lat - box.min_lat);
}

// Each country is checked while its tiles are at hand; the fault reported is that of the first country by code.
Result<std::vector<geo::Coverage>> cover_countries(Context& context, const Inputs& inputs) {
  const auto& countries = inputs.countries;
  const Cells cells(inputs.grid);
  std::vector<geo::Coverage> coverages(countries.size());
  std::vector<Result<void>> checked(countries.size());
  const auto order = heaviest_first(countries.size(), [&](std::size_t i) { return window_size(countries[i]); });
  report::Progress progress(context.log, "S1 progress countries_covered", countries.size());
  const auto cover = [&](std::size_t k) -> Result<void> {
    const auto i = order[k];
    coverages[i] = geo::cover(inputs.grid, countries[i].polygons, context.predicate);
    checked[i] = check_tiles(cells, countries[i].iso, coverages[i]);
    progress.advance();
    return {};
  };
  PW_CHECK(work::for_each(context.pool, countries.size(), cover));
  for (auto& check : checked) PW_CHECK(std::move(check));
  return coverages;
}

// What is published, aside: the folders of one form.
struct Staged {
  store::Staging staging;
  std::vector<std::string_view> datasets;
};

Result<Staged> stage_rows(Context& context, const geo::Grid& grid, const std::vector<Iso>& countries,
                          const std::vector<geo::Coverage>& coverages) {
  PW_TRY(auto staging, store::Staging::create(context.run, "s1_tile_index"));
  PW_CHECK(store::make_folder(staging.path() / "tile_index"));
  PW_CHECK(store::make_folder(staging.path() / "tile_bounds"));
  const datasets::TileRows rows(grid);
  // Two jobs a country: even numbers write its tile_index, odd ones its tile_bounds.
  const auto order =
      heaviest_first(2 * countries.size(), [&](std::size_t job) { return coverages[job / 2].tiles.size(); });
  report::Progress progress(context.log, "S1 progress files_written (tile_index and tile_bounds)", order.size());
  const auto write = [&](std::size_t k) -> Result<void> {
    const bool index = order[k] % 2 == 0;
    const auto country = countries[order[k] / 2];
    const auto& tiles = coverages[order[k] / 2].tiles;
    progress.advance();
    if (tiles.empty()) return {};
    const auto folder = staging.path() / (index ? "tile_index" : "tile_bounds") / ("country=" + country.text());
    PW_CHECK(store::make_folder(folder));
    const auto file = folder / "part-000.parquet";
    PW_CHECK(index ? rows.write_index(file, country, geo::name_of(coverages[order[k] / 2].rule), tiles)
                   : rows.write_bounds(file, country, tiles));
    return {};
  };
  PW_CHECK(work::for_each(context.pool, order.size(), write));
  return Staged{std::move(staging), {"tile_index", "tile_bounds"}};
}

Result<Staged> stage_spans(Context& context, const std::vector<Iso>& countries,
                           const std::vector<geo::Coverage>& coverages) {
  PW_TRY(auto staging, store::Staging::create(context.run, "s1_tile_index"));
  PW_CHECK(store::make_folder(staging.path() / "tile_spans"));
  PW_CHECK(write_spans(staging.path() / "tile_spans" / "part-00000.parquet", countries, coverages));
  return Staged{std::move(staging), {"tile_spans"}};
}

const table::Schema& schema_of(std::string_view dataset) {
  if (dataset == "tile_index") return datasets::kTileIndex;
  return dataset == "tile_bounds" ? datasets::kTileBounds : datasets::kTileSpans;
}

// In the order of the datasets; the first one is what the report's receipt is about.
Result<std::vector<store::Published>> publish(Context& context, const Staged& staged) {
  std::vector<store::Published> published;
  for (const auto dataset : staged.datasets) {
    PW_TRY(published.emplace_back(),
           store::publish_folder(context.run, staged.staging.path() / dataset, dataset,
                                 "E_IMMUTABLE_PARTITION_EXISTS_NONIDENTICAL", same_rows(schema_of(dataset))));
    context.log.step("S1: " + std::string(dataset) +
                     (published.back().existed ? " was published before, identical" : " published"));
  }
  return published;
}

}  // namespace

Result<Summary> run(Context& context) {
  PW_TRY(auto inputs, read_inputs(context));
  const double wall = report::wall_seconds(), cpu = report::cpu_seconds();
  std::vector<Iso> countries;
  for (const auto& country : inputs.countries) countries.push_back(country.iso);
  PW_TRY(const auto coverages, cover_countries(context, inputs));
  const auto totals = totals_of(coverages);
  context.log.step("S1: " + grouped(totals.included) + " tiles in " +
                   std::to_string(countries.size() - totals.without_tiles) + " of " + std::to_string(countries.size()) +
                   " countries");
  PW_TRY(const auto staged, context.publish == PublishForm::rows
                                ? stage_rows(context, inputs.grid, countries, coverages)
                                : stage_spans(context, countries, coverages));
  log_audit(context.log, countries, coverages);
  PW_TRY(const auto published, publish(context, staged));
  PW_TRY(const auto report, run_report(context, inputs, coverages, staged.datasets.front(), published.front(),
                                       {report::wall_seconds() - wall, report::cpu_seconds() - cpu}));
  PW_CHECK(store::publish_report(context.run, "s1_run_report", report));
  Summary summary{totals.included, 0, true};
  for (const auto& partition : published) summary.bytes += partition.bytes;
  return summary;
}

}  // namespace placewright::states::s1_tiles
