// Polygons to tiles, tiles to positions, points in countries.
#include <random>

#include "geo/contains.hpp"
#include "geo/coverage.hpp"
#include "proven.hpp"
#include "shapes.hpp"

namespace placewright::bench {
namespace {

// Even-odd rule, edge by edge, in long double.
bool plainly_inside(const geo::Ring& ring, geo::Point p) {
  bool inside = false;
  for (std::size_t i = 1; i < ring.size(); ++i) {
    const auto& a = ring[i - 1];
    const auto& b = ring[i];
    if ((a.lat > p.lat) == (b.lat > p.lat)) continue;
    const long double east = a.lon + (static_cast<long double>(p.lat) - a.lat) * (b.lon - a.lon) / (b.lat - a.lat);
    if (p.lon < east) inside = !inside;
  }
  return inside;
}

std::vector<geo::Point> points_around(std::size_t count) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> lon(4, 16), lat(39, 51);
  std::vector<geo::Point> points(count);
  for (auto& p : points) p = {lon(random), lat(random)};
  return points;
}

void point_in_country(benchmark::State& state) {
  const auto country = ragged_country(static_cast<std::size_t>(state.range(0)));
  const geo::CountryIndex index(country);
  const auto points = points_around(4096);
  for (std::size_t i = 0; i < 400; ++i) {
    const bool right = index.covers(points[i]) == plainly_inside(country[0].exterior, points[i]);
    if (!proven(state, right, "covers() differs from the even-odd rule")) return;
  }
  for (auto _ : state) {
    std::size_t inside = 0;
    for (const auto& p : points) inside += index.covers(p);
    benchmark::DoNotOptimize(inside);
  }
  count_items(state, points.size());
}
BENCHMARK(point_in_country)->Arg(1000)->Arg(10'000)->Arg(100'000)->Arg(1'000'000);

struct Coast {
  geo::CountryIndex index;
  std::vector<geo::Box> boxes;  // of boundary tiles
};

Coast coast(std::size_t vertices) {
  const auto country = ragged_country(vertices);
  const auto grid = world_grid();
  Coast out{geo::CountryIndex(country), {}};
  const auto boundary = geo::boundary_cells(grid, country);
  for (const auto& span : boundary.spans())
    out.boxes.push_back(geo::cell_box(grid, grid.row_of(span.first), grid.column_of(span.first)));
  return out;
}

geo::Point point_of(const geo::Box& box, std::mt19937_64& random) {
  std::uniform_real_distribution<double> lon(box.min_lon, box.max_lon), lat(box.min_lat, box.max_lat);
  return {lon(random), lat(random)};
}

// Tests of points in tiles on the boundary, by what is kept of each tile.
void point_in_boundary_tile(benchmark::State& state) {
  const auto shore = coast(static_cast<std::size_t>(state.range(0)));
  std::mt19937_64 random(3);
  std::vector<geo::Patch> patches;
  std::vector<geo::Point> points;
  for (std::size_t i = 0; i < 4096; ++i) {
    const auto& box = shore.boxes[random() % shore.boxes.size()];
    patches.push_back(shore.index.patch(box));
    points.push_back(point_of(box, random));
    const bool right = patches[i].covers(points[i]) == shore.index.covers(points[i]);
    if (!proven(state, right, "a patch differs from the whole country")) return;
  }
  for (auto _ : state) {
    std::size_t inside = 0;
    for (std::size_t i = 0; i < points.size(); ++i) inside += patches[i].covers(points[i]);
    benchmark::DoNotOptimize(inside);
  }
  count_items(state, points.size());
}
BENCHMARK(point_in_boundary_tile)->Arg(1000)->Arg(10'000)->Arg(100'000)->Arg(1'000'000);

void make_patch(benchmark::State& state) {
  const auto shore = coast(static_cast<std::size_t>(state.range(0)));
  std::mt19937_64 random(4);
  for (std::size_t i = 0; i < 400; ++i) {
    const auto& box = shore.boxes[random() % shore.boxes.size()];
    const auto p = point_of(box, random);
    const bool right = shore.index.patch(box).covers(p) == shore.index.covers(p);
    if (!proven(state, right, "a patch differs from the whole country")) return;
  }
  const auto count = std::min<std::size_t>(1024, shore.boxes.size());
  for (auto _ : state) {
    for (std::size_t i = 0; i < count; ++i)
      benchmark::DoNotOptimize(shore.index.patch(shore.boxes[i * (shore.boxes.size() / count)]).full());
  }
  count_items(state, count);
}
BENCHMARK(make_patch)->Arg(1000)->Arg(10'000)->Arg(100'000);

void cover_country(benchmark::State& state) {
  const auto country = ragged_country(static_cast<std::size_t>(state.range(0)));
  const auto grid = world_grid();
  const auto tiles = geo::cover(grid, country, geo::Predicate::center).tiles;
  std::mt19937_64 random(5);
  for (int i = 0; i < 400; ++i) {
    const auto row = static_cast<std::uint32_t>(4700 + random() % 1400);
    const auto column = static_cast<std::uint32_t>(22100 + random() % 1400);
    const auto b = geo::tile_bounds(grid, row, column);
    const bool plain = plainly_inside(country[0].exterior, {b.centroid_lon, b.centroid_lat});
    if (!proven(state, tiles.contains(grid.id(row, column)) == plain, "a tile differs from its centre's place")) return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(geo::cover(grid, country, geo::Predicate::center).tiles.size());
  count_items(state, static_cast<std::size_t>(tiles.size()));
}
BENCHMARK(cover_country)->Arg(1000)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void tile_to_position(benchmark::State& state) {
  const auto tiles = geo::cover(world_grid(), ragged_country(100'000), geo::Predicate::center).tiles;
  std::mt19937_64 random(9);
  std::vector<TileId> wanted(4096);
  for (auto& id : wanted) {
    const auto position = random() % tiles.size();
    id = tiles.id_at(position);
    if (!proven(state, tiles.position_of(id) == position, "position_of() is not the inverse of id_at()")) return;
  }
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (const auto id : wanted) sum += *tiles.position_of(id);
    benchmark::DoNotOptimize(sum);
  }
  count_items(state, wanted.size());
}
BENCHMARK(tile_to_position);

}  // namespace
}  // namespace placewright::bench
