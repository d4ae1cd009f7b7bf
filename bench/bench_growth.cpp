// What bench/scaling asks for: tiles by the million, weights of their own by the ten million.
#include <filesystem>
#include <numeric>

#include "datasets/tile_rows.hpp"
#include "geo/coverage.hpp"
#include "proven.hpp"
#include "shapes.hpp"
#include "states/s1_tiles/cells.hpp"
#include "states/s4_allocation/plan.hpp"

namespace placewright::bench {
namespace {

// One country on grids ever finer: cells found, checked, and written as rows. The argument is the grid's rows.
void rows_by_grid(benchmark::State& state) {
  const auto rows = static_cast<std::uint32_t>(state.range(0));
  const geo::Grid grid{2 * rows, rows, 180.0 / rows, 0, -180, 0, -180.0 / rows, 90};
  const auto country = ragged_country(10'000);
  const states::s1_tiles::Cells cells(grid);
  const datasets::TileRows maker(grid);
  const auto iso = *Iso::parse("FR");
  const auto file = std::filesystem::temp_directory_path() / "bench_rows_by_grid.parquet";
  std::uint64_t tiles = 0;
  for (auto _ : state) {
    const auto coverage = geo::cover(grid, country, geo::Predicate::center);
    tiles = coverage.tiles.size();
    const bool right = static_cast<bool>(states::s1_tiles::check_tiles(cells, iso, coverage)) &&
                       static_cast<bool>(maker.write_index(file, iso, "center", coverage.tiles));
    if (!proven(state, right, "the rows were not written")) return;
  }
  const auto written = table::Dataset::open(file);
  proven(state, written && written->rows() == tiles, "rows are missing");
  state.counters["tiles"] = static_cast<double>(tiles);
  std::filesystem::remove(file);
}
BENCHMARK(rows_by_grid)
    ->Arg(10'800)
    ->Arg(21'600)
    ->Arg(43'200)
    ->Arg(86'400)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime();

// A country of 42 million tiles, no two of one weight: index, and the plan of one pair of so many sites.
void distinct_weights(benchmark::State& state) {
  constexpr std::uint64_t kTiles = 42'000'000;
  const std::int64_t sites = state.range(0);
  datasets::CountryWeights weights;
  weights.dp = 15;
  weights.runs.reserve(kTiles);
  constexpr std::int64_t kUnits = 1'000'000'000'000'000;
  // A permutation of 1 .. kTiles (29 does not divide kTiles), plus what is missing to the sum on the last tile.
  std::int64_t sum = 0;
  for (std::uint64_t i = 0; i < kTiles; ++i) {
    const auto weight = static_cast<std::int64_t>(1 + i * 29 % kTiles);
    weights.runs.push_back({i, 1, weight});
    sum += weight;
  }
  weights.runs.back().weight += kUnits - sum;
  for (auto _ : state) {
    const states::s4_allocation::WeightIndex index(weights);
    const states::s4_allocation::Plan plan(index, sites, kUnits);
    const auto shares = plan.shares(0, 0);
    const auto placed = std::accumulate(shares.begin(), shares.end(), std::int64_t{0},
                                        [](std::int64_t total, const auto& share) { return total + share.sites; });
    if (!proven(state, placed == sites, "the sites of the plan do not sum up")) return;
    state.counters["index_bytes"] = static_cast<double>(index.bytes());
  }
  state.counters["tiles"] = static_cast<double>(kTiles);
  state.SetLabel("index and plan of a pair of " + std::to_string(sites) + " sites");
}
BENCHMARK(distinct_weights)->Arg(999'999)->Unit(benchmark::kMillisecond)->Iterations(1)->MeasureProcessCPUTime();

}  // namespace
}  // namespace placewright::bench
