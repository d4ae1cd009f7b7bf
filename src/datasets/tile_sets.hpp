// Tile sets by country, each read on first use and kept: 470 thousand spans for the whole world.
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.hpp"
#include "datasets/tiles.hpp"

namespace placewright::datasets {

// Safe to use from many threads.
class TileSets {
 public:
  explicit TileSets(TileUniverse universe);
  ~TileSets();
  TileSets(TileSets&&) noexcept;

  const TileUniverse& universe() const { return universe_; }
  // Empty when the country has no tiles. Valid as long as this object.
  Result<const geo::TileSet*> of(Iso country) const;
  std::uint64_t bytes_read() const;  // size of the files behind the sets read so far

 private:
  struct Shared;
  TileUniverse universe_;
  std::unique_ptr<Shared> shared_;
};

}  // namespace placewright::datasets
