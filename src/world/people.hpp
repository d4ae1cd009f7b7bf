// The population of a whole world: tiles of every country, who owns shared cells, people per cell.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "geo/grid.hpp"
#include "geo/tile_set.hpp"
#include "work/pool.hpp"
#include "world/countries.hpp"
#include "world/owners.hpp"
#include "world/population.hpp"

namespace placewright::world {

// Vectors run along the countries.
struct Peopled {
  std::vector<geo::TileSet> tiles;  // centre in the polygon
  std::vector<geo::TileSet> owned;  // without cells that another country's people stand on
  std::vector<Spread> spreads;      // over the owned tiles
  std::vector<double> borrowed;     // people of others on the country's shared tiles; part of its total
};

// A country's raster sum over all its tiles is its population in the table: shared cells count for both.
Result<Peopled> people_of_world(const geo::Grid& grid, const Countries& countries,
                                const std::vector<CountryInfo>& table, const Settlements& settlements,
                                const Lamps& lamps, work::Pool& pool);

// What a raster holds of a cell: everybody, or those who live scattered.
enum class Part { people, rural };

// Writes people into raster rows that are asked for from north to south.
class RasterFiller {
 public:
  RasterFiller(const Ground& ground, const Peopled& peopled, Part part)
      : ground_(&ground), peopled_(&peopled), part_(part), next_(peopled.owned.size(), 0) {}
  void fill(std::uint32_t first, std::uint32_t rows, std::span<float> values);

 private:
  void fill_span(const geo::Span& span, std::size_t country, std::uint64_t position, float* to) const;
  void fill_rural(const geo::Span& span, const std::vector<RuralBlock>& blocks, float* to) const;

  const Ground* ground_;
  const Peopled* peopled_;
  Part part_;
  std::vector<std::size_t> next_;  // per country: first span not yet written
};

}  // namespace placewright::world
