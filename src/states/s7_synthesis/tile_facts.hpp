// Which tiles a country has, as far as S7 may know, and where they lie.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.hpp"
#include "datasets/tiles.hpp"
#include "work/pool.hpp"

namespace placewright::states::s7_synthesis {

// In span form the tile set; in row form the tiles that tile_bounds holds, whose rectangles and centres must equal,
// bit for bit, those that follow from the grid (else E709_TILE_FK_VIOLATION). Countries are read once. Safe from many
// threads.
class TileFacts {
 public:
  static Result<TileFacts> open(const store::RunFolder& run);
  const geo::Grid& grid() const { return universe_.grid(); }
  Result<void> preload(const std::vector<Iso>& countries, work::Pool& pool);
  // Empty when the country has no tiles. The set stays valid as long as these facts.
  Result<const geo::TileSet*> tiles_of(Iso country) const;

 private:
  struct Entry;
  struct Shared;
  TileFacts(datasets::TileUniverse universe, std::filesystem::path bounds);
  Result<geo::TileSet> read_bounds(Iso country) const;

  datasets::TileUniverse universe_;
  std::filesystem::path bounds_;  // root of tile_bounds
  std::shared_ptr<Shared> shared_;
};

}  // namespace placewright::states::s7_synthesis
