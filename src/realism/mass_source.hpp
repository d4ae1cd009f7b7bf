// Where a country's sites should go in proportion to: told by whoever knows how they were placed.
#pragma once

#include <cstdint>
#include <functional>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace placewright::realism {

class MassSource {
 public:
  virtual ~MassSource() = default;
  // Calls visit(first tile, number of tiles, mass of each) in ascending order for the tiles of one country that have
  // mass. Masses are in any unit, the same for the whole country.
  virtual Result<void> visit(
      Iso country, const std::function<void(TileId first, std::uint64_t tiles, double mass)>& visit) const = 0;
};

}  // namespace placewright::realism
