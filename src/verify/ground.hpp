// Where a run may place: grid, tiles and borders, loaded a country at a time and kept.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "datasets/tiles.hpp"
#include "geo/contains.hpp"
#include "geo_io/countries.hpp"

namespace placewright::verify {

struct CountryGround {
  geo::TileSet tiles;
  std::optional<geo::CountryIndex> border;  // nullopt: the source holds no valid polygon of that code
};

// Safe from many threads.
class Ground {
 public:
  static Result<Ground> open(const store::RunFolder& run);
  const geo::Grid& grid() const { return universe_.grid(); }
  Result<const CountryGround*> of(Iso country) const;
  geo::TileBounds bounds(TileId tile) const {
    return geo::tile_bounds(grid(), grid().row_of(tile), grid().column_of(tile));
  }

 private:
  struct Shared;
  Ground(datasets::TileUniverse universe, std::map<Iso, geo::MultiPolygon> polygons);

  datasets::TileUniverse universe_;
  std::map<Iso, geo::MultiPolygon> polygons_;
  std::shared_ptr<Shared> shared_;
};

// Inside the rectangle within 1e-9 degrees, also across the antimeridian.
bool in_tile(const geo::TileBounds& tile, geo::Point point);

}  // namespace placewright::verify
