// What S6 must know of a country: its polygon, its tiles, and how its boundary runs through them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "datasets/tile_sets.hpp"
#include "geo/contains.hpp"
#include "geo/grid.hpp"
#include "states/s6_jitter/place.hpp"

namespace placewright::states::s6_jitter {

// Safe to use from many threads.
class Territory {
 public:
  // `bounds`: tiles that have a row in tile_bounds; nullopt in span form, where a tile's bounds follow from the grid.
  Territory(Iso country, const geo::Grid& grid, const geo::MultiPolygon& polygons, const geo::TileSet& tiles,
            std::optional<geo::TileSet> bounds);
  ~Territory();

  // E606_FK_TILE_INDEX unless every one of `tiles` (ascending) has bounds and belongs to the country.
  Result<void> check(std::span<const TileId> tiles) const;
  // Of a tile that check() accepts, its position among the country's tiles; else nullopt.
  std::optional<std::uint64_t> position_of(TileId tile) const;
  // How the tile at `position` sees the country. Decided once a tile, inside the country once for a run of neighbours,
  // and remembered: two bits for each, and the patches of at most kMostPatches tiles on the boundary (some 200 bytes
  // each).
  Land land(std::uint64_t position, const geo::TileBounds& bounds) const;
  // What land() will look at first.
  void prefetch(std::uint64_t position) const;

  static constexpr std::size_t kMostPatches = 65'536;

 private:
  struct Memory;
  struct Run {
    std::uint64_t first, last;  // positions [first, last)
  };
  // The tiles of the span that lie in the country because the one at `position` does.
  Run inside_with(std::uint64_t position, const geo::TileBounds& bounds, const geo::Meridians& around) const;

  Iso country_;
  geo::Grid grid_;
  geo::CountryIndex polygon_;
  const geo::TileSet& tiles_;
  std::optional<geo::TileSet> bounds_;
  std::unique_ptr<Memory> memory_;
};

// All countries of the polygon file; a territory is made when it is first asked for.
class Territories {
 public:
  // E608_POINT_OUTSIDE_COUNTRY when a geometry is empty or invalid, as the reference has it also for countries without
  // sites.
  static Result<Territories> open(const store::RunFolder& run);
  ~Territories();
  Territories(Territories&&) noexcept;

  const geo::Grid& grid() const { return tiles_.universe().grid(); }
  std::size_t size() const { return polygons_.size(); }
  std::uint64_t bytes_read() const { return tiles_.bytes_read(); }
  std::uint64_t used() const;
  // E608 when the polygon file lacks the country. Valid as long as this object.
  Result<const Territory*> of(Iso country) const;

 private:
  struct Shared;
  Territories(std::map<Iso, geo::MultiPolygon> polygons, datasets::TileSets tiles, std::filesystem::path bounds);
  Result<std::optional<geo::TileSet>> tiles_with_bounds(Iso country) const;

  std::map<Iso, geo::MultiPolygon> polygons_;
  datasets::TileSets tiles_;
  std::filesystem::path bounds_;  // root of tile_bounds; empty in span form
  std::unique_ptr<Shared> shared_;
};

}  // namespace placewright::states::s6_jitter
