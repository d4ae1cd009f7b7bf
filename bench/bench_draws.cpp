// Keyed draws and what S5 and S6 make of them, without logs and files.
#include <cmath>

#include "geo/contains.hpp"
#include "geo/coverage.hpp"
#include "proven.hpp"
#include "rng/jitter.hpp"
#include "rng/streams.hpp"
#include "shapes.hpp"
#include "states/s5_assignment/assign.hpp"
#include "states/s6_jitter/territory.hpp"

namespace placewright::bench {
namespace {

constexpr std::size_t kSites = 4096;
const Iso kCountry = *Iso::parse("FR");

hash::Digest master() { return hash::sha256("a bench has a master too"); }

rng::JitterLaw shipped_law() {
  return {true, 0.5, 0.1, 0.2, {rng::JitterShape{1.6, 1.6, 0.8}, {1, 1, 1}, {0.55, 0.55, 1}}};
}

// Ten rounds with the high half of the product by 32-bit pieces.
rng::Block plain_philox(rng::Counter counter, std::uint64_t key) {
  std::uint64_t a = counter.lo, b = counter.hi;
  for (int round = 0; round < 10; ++round, key += 0x9E3779B97F4A7C15U) {
    constexpr std::uint64_t kLow = 0xB1CE6E93U, kHigh = 0xD2B74407U;
    const std::uint64_t low = a & 0xFFFFFFFFU, high = a >> 32;
    const std::uint64_t middle = kHigh * low + (kLow * low >> 32);
    const std::uint64_t cross = kLow * high + (middle & 0xFFFFFFFFU);
    const std::uint64_t top = kHigh * high + (middle >> 32) + (cross >> 32);
    const std::uint64_t bottom = a * 0xD2B74407B1CE6E93U;
    a = top ^ key ^ b;
    b = bottom;
  }
  return {a, b};
}

void philox(benchmark::State& state) {
  for (std::uint64_t i = 0; i < 100; ++i) {
    const rng::Counter counter{i * 0x123456789ABCDEFU, ~i};
    const auto fast = rng::philox(counter, i << 40), plain = plain_philox(counter, i << 40);
    if (!proven(state, fast.x0 == plain.x0 && fast.x1 == plain.x1, "philox differs from its plain form")) return;
  }
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (std::uint64_t i = 0; i < kSites; ++i) sum += rng::philox({7, i}, 99).x0;
    benchmark::DoNotOptimize(sum);
  }
  count_items(state, kSites);
}
BENCHMARK(philox);

// One SHA-256 a site: S6's key and counter.
void jitter_stream(benchmark::State& state) {
  const rng::JitterStreams streams(master(), "1B.S6.JITTER_V2");
  const auto word = rng::merchant_word(42);
  const auto text = hash::raw(master()) + hash::uer("mlr:1B") + hash::uer("in_cell_jitter:1B.S6.JITTER_V2") +
                    hash::le64(word) + hash::uer("FR") + hash::le64(3);
  const auto plain = rng::stream_from(hash::sha256(text));
  const auto fast = streams.stream_of_word(word, kCountry, 3);
  if (!proven(state, fast.key == plain.key && fast.base == plain.base, "the stream differs from the whole message's"))
    return;
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < kSites; ++i)
      sum += streams.stream_of_word(word, kCountry, static_cast<std::int64_t>(i)).key;
    benchmark::DoNotOptimize(sum);
  }
  count_items(state, kSites);
}
BENCHMARK(jitter_stream);

void jitter_draw(benchmark::State& state) {
  const auto law = shipped_law();
  for (int i = 1; i < 100; ++i) {
    const double u = i / 100.0, v = 1 - u * u;
    const auto drawn = rng::draw(law, u, v);
    const auto& shape = law.shapes[static_cast<std::size_t>(drawn.component)];
    const double plain =
        0.5 + std::copysign(0.5, u - 0.5) * std::pow(std::abs(2 * u - 1), shape.lon_exponent) * shape.reach;
    if (!proven(state, std::abs(drawn.lon_fraction - plain) < 1e-14, "the draw differs from std::pow's")) return;
  }
  for (auto _ : state) {
    double sum = 0;
    for (std::size_t i = 0; i < kSites; ++i) {
      const auto words = rng::philox({1, i}, 5);
      sum += rng::draw(law, rng::u01(words.x0), rng::u01(words.x1)).lon_fraction;
    }
    benchmark::DoNotOptimize(sum);
  }
  count_items(state, kSites);
}
BENCHMARK(jitter_draw);

// Sites of one pair; two tiles in three hold one.
void assign_pair(benchmark::State& state) {
  const auto sites = static_cast<std::size_t>(state.range(0));
  std::vector<TileId> tiles(sites * 2 / 3 + 1);
  std::vector<std::int64_t> counts(tiles.size(), 1);
  for (std::size_t i = 0; i < tiles.size(); ++i) tiles[i] = 100 + 3 * i;
  counts.back() += static_cast<std::int64_t>(sites - tiles.size());
  const auto stream = rng::assignment_stream(master(), 42, kCountry);
  std::vector<datasets::AssignmentEvent> events;
  states::s5_assignment::assign(42, kCountry, stream, tiles, counts, events);
  std::ranges::sort(events, {}, &datasets::AssignmentEvent::u);
  const bool right = events.size() == sites && std::ranges::is_sorted(events, {}, &datasets::AssignmentEvent::tile);
  if (!proven(state, right, "tiles do not ascend with the draws")) return;
  for (auto _ : state) {
    events.clear();
    states::s5_assignment::assign(42, kCountry, stream, tiles, counts, events);
  }
  count_items(state, sites);
}
BENCHMARK(assign_pair)->Arg(1)->Arg(10)->Arg(1000)->Arg(100'000)->Arg(999'999);

// Keyed points of one merchant, a site in each of some tiles, seen before: S6 keeps what it has learned of a tile.
void place_all(benchmark::State& state, const geo::MultiPolygon& country, const std::vector<TileId>& tiles) {
  const auto grid = world_grid();
  const geo::CountryIndex index(country);
  const auto all = geo::cover(grid, country, geo::Predicate::center).tiles;
  const states::s6_jitter::Territory territory(kCountry, grid, country, all, std::nullopt);
  const auto law = shipped_law();
  const rng::JitterStreams streams(master(), "1B.S6.JITTER_V2");
  const auto word = rng::merchant_word(42);
  std::vector<datasets::JitterEvent> events;
  states::s6_jitter::Placed placed;
  const auto place = [&](std::size_t i) {
    const SiteKey key{42, kCountry, static_cast<std::int64_t>(i)};
    const auto tile = tiles[i % tiles.size()];
    const auto bounds = geo::tile_bounds(grid, grid.row_of(tile), grid.column_of(tile));
    const auto land = territory.land(*territory.position_of(tile), bounds);
    states::s6_jitter::place(key, bounds, streams.stream_of_word(word, kCountry, key.site_order), law, 100'000, land,
                             events, placed);
    return geo::Point{bounds.centroid_lon + placed.delta_lon, bounds.centroid_lat + placed.delta_lat};
  };
  for (std::size_t i = 0; i < kSites; ++i) {
    const auto p = place(i);
    // The sum may lie an ulp over the boundary, its neighbours do not.
    const bool near = index.overlaps_box({p.lon - 1e-12, p.lat - 1e-12, p.lon + 1e-12, p.lat + 1e-12});
    if (!proven(state, near, "a point stands outside its country")) return;
  }
  for (auto _ : state) {
    events.clear();
    for (std::size_t i = 0; i < kSites; ++i) benchmark::DoNotOptimize(place(i));
  }
  count_items(state, kSites);
}

// Tiles on the boundary: the dear ones.
void place_on_the_coast(benchmark::State& state) {
  const auto grid = world_grid();
  const auto country = ragged_country(static_cast<std::size_t>(state.range(0)));
  const auto inside = geo::cover(grid, country, geo::Predicate::center).tiles;
  std::vector<TileId> tiles;
  const auto boundary = geo::boundary_cells(grid, country);
  for (const auto& span : boundary.spans()) {
    if (inside.contains(span.first)) tiles.push_back(span.first);
  }
  place_all(state, country, tiles);
}
BENCHMARK(place_on_the_coast)->Arg(1000)->Arg(10'000)->Arg(100'000);

// Tiles drawn from the whole country, each as likely, in the order of ids as S6 meets them.
void place_in_country(benchmark::State& state) {
  const auto country = ragged_country(static_cast<std::size_t>(state.range(0)));
  const auto all = geo::cover(world_grid(), country, geo::Predicate::center).tiles;
  std::vector<TileId> tiles(kSites);
  for (std::size_t i = 0; i < kSites; ++i) tiles[i] = all.id_at(i * all.size() / kSites);
  place_all(state, country, tiles);
}
BENCHMARK(place_in_country)->Arg(1000)->Arg(10'000)->Arg(100'000);

}  // namespace
}  // namespace placewright::bench
