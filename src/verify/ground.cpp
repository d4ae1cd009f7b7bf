#include "verify/ground.hpp"

namespace placewright::verify {

struct Ground::Shared {
  struct Entry {
    std::mutex mutex;
    std::unique_ptr<CountryGround> ground;
  };
  std::mutex mutex;
  std::map<Iso, Entry> entries;
};

Ground::Ground(datasets::TileUniverse universe, std::map<Iso, geo::MultiPolygon> polygons)
    : universe_(std::move(universe)), polygons_(std::move(polygons)), shared_(std::make_shared<Shared>()) {}

Result<Ground> Ground::open(const store::RunFolder& run) {
  PW_TRY(auto universe, datasets::TileUniverse::open(run));
  PW_TRY(const auto path, run.locate("world_countries"));
  PW_TRY(auto shapes, geo_io::read_countries(path));
  std::map<Iso, geo::MultiPolygon> polygons;
  for (auto& shape : shapes) {
    if (shape.problem.empty()) polygons[shape.country.iso] = std::move(shape.country.polygons);
  }
  return Ground(std::move(universe), std::move(polygons));
}

Result<const CountryGround*> Ground::of(Iso country) const {
  Shared::Entry* entry = nullptr;
  {
    const std::scoped_lock lock(shared_->mutex);
    entry = &shared_->entries[country];
  }
  const std::scoped_lock lock(entry->mutex);
  if (!entry->ground) {
    auto ground = std::make_unique<CountryGround>();
    PW_TRY(ground->tiles, universe_.load(country));
    if (const auto it = polygons_.find(country); it != polygons_.end()) ground->border.emplace(it->second);
    entry->ground = std::move(ground);
  }
  return entry->ground.get();
}

bool in_tile(const geo::TileBounds& tile, geo::Point point) {
  constexpr double kTolerance = 1e-9;
  if (!(point.lat >= tile.min_lat - kTolerance && point.lat <= tile.max_lat + kTolerance)) return false;
  const bool from_west = point.lon >= tile.min_lon - kTolerance, to_east = point.lon <= tile.max_lon + kTolerance;
  return tile.min_lon <= tile.max_lon ? from_west && to_east : from_west || to_east;
}

}  // namespace placewright::verify
