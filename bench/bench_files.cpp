// Rows to Parquet, events to JSON lines, bytes to digests.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "datasets/event_text.hpp"
#include "datasets/schemas.hpp"
#include "datasets/tile_rows.hpp"
#include "geo/coverage.hpp"
#include "hash/sha256.hpp"
#include "proven.hpp"
#include "shapes.hpp"

namespace placewright::bench {
namespace {

namespace fs = std::filesystem;
const Iso kCountry = *Iso::parse("FR");

fs::path scratch_file(const char* name) { return fs::temp_directory_path() / name; }

void tile_index_rows(benchmark::State& state) {
  const auto grid = world_grid();
  const datasets::TileRows maker(grid);
  const auto tiles = geo::cover(grid, ragged_country(10'000), geo::Predicate::center).tiles;
  const auto file = scratch_file("bench_tile_index.parquet");
  const auto write = [&] { return static_cast<bool>(maker.write_index(file, kCountry, "center", tiles)); };
  if (!proven(state, write(), "tile_index was not written")) return;
  const auto back = table::Dataset::open(file);
  const auto rows = back->read(0, {{"tile_id", table::Kind::u64}, {"pixel_area_m2", table::Kind::f64}});
  const auto& ids = rows->u64(0);
  for (std::size_t i = 0; i < ids.size(); i += 997) {
    if (!proven(state, ids[i] == tiles.id_at(i) && rows->f64(1)[i] > 0, "a row read back differs")) return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(write());
  count_items(state, static_cast<std::size_t>(tiles.size()));
  state.counters["bytes_per_row"] = static_cast<double>(fs::file_size(file)) / static_cast<double>(tiles.size());
  fs::remove(file);
}
BENCHMARK(tile_index_rows)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

std::vector<datasets::JitterEvent> some_events() {
  std::vector<datasets::JitterEvent> events;
  for (std::int64_t i = 0; i < 8192; ++i) {
    const auto x = static_cast<double>(i);
    events.push_back({{12345678901234U, kCountry, i + 1},
                      1,
                      x / 1.7e6,
                      -x / 2.3e6,
                      0.8,
                      {99, 1234567890123U + 7 * static_cast<std::uint64_t>(i)}});
  }
  return events;
}

// With the running digest, as a log written once and hashed while it is written would cost.
void jsonl_events(benchmark::State& state) {
  const RunIdentity identity{std::string(32, 'a'), 42, std::string(64, 'b'), std::string(64, 'c')};
  const datasets::EventText text(identity, "1970-01-01T00:00:00.000000Z");
  const auto events = some_events();
  std::string lines;
  for (const auto& event : events) {
    lines.clear();
    text.event(lines, event);
    const auto json = parse_json(lines, "line");
    const bool right =
        json && (*json)["site_order"] == event.site.site_order && (*json)["delta_lat_deg"] == event.delta_lat;
    if (!proven(state, right, "a line read back differs")) return;
  }
  for (auto _ : state) {
    lines.clear();
    for (const auto& event : events) text.event(lines, event);
    if (state.range(0) != 0) benchmark::DoNotOptimize(hash::sha256(lines));
  }
  count_items(state, events.size());
  state.SetBytesProcessed(static_cast<std::int64_t>(lines.size()) * static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(jsonl_events)->ArgName("hashed")->Arg(0)->Arg(1);

// Rivals for the numbers of a line alone: four doubles and four integers.
void eight_numbers_snprintf(benchmark::State& state) {
  const auto events = some_events();
  char line[512];
  for (auto _ : state) {
    for (const auto& e : events) {
      benchmark::DoNotOptimize(std::snprintf(line, sizeof line, "%lu %ld %d %lu %.17g %.17g %.17g %.17g",
                                             e.site.merchant, e.site.site_order, e.attempt, e.counter.lo, e.delta_lat,
                                             e.delta_lon, e.sigma, e.sigma));
    }
  }
  count_items(state, events.size());
}
BENCHMARK(eight_numbers_snprintf);

void eight_numbers_fmt(benchmark::State& state) {
  const auto events = some_events();
  std::string line;
  for (auto _ : state) {
    for (const auto& e : events) {
      line.clear();
      fmt::format_to(std::back_inserter(line), fmt::runtime("{} {} {} {} {} {} {} {}"), e.site.merchant,
                     e.site.site_order, e.attempt, e.counter.lo, e.delta_lat, e.delta_lon, e.sigma, e.sigma);
      benchmark::DoNotOptimize(line.data());
    }
  }
  count_items(state, events.size());
}
BENCHMARK(eight_numbers_fmt);

void sha256_bytes(benchmark::State& state) {
  const bool right = hash::sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  if (!proven(state, right, "SHA-256 of abc is wrong")) return;
  const std::string bytes(8U << 20, 'x');
  for (auto _ : state) benchmark::DoNotOptimize(hash::sha256(bytes));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes.size()) * static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(sha256_bytes)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace placewright::bench
