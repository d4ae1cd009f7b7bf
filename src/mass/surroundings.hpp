// The blocks of one country where they lie: their order along the curve, and how many people live around each.
#pragma once

#include <vector>

#include "geo/blocks.hpp"
#include "geo/hilbert_walk.hpp"
#include "mass/blocks.hpp"

namespace placewright::mass {

// `frame` and `sums` must outlive it.
class Surroundings {
 public:
  Surroundings(const geo::BlockFrame& frame, const BlockSums& sums);

  // Every place becomes the sum of the 3x3 around it, weighted 1 2 1 both ways.
  void smooth();

  // Calls visit(index along the curve, sum, demand per km2 around it) for each block, ascending.
  template <class Visit>
  void each(const Visit& visit) const {
    walk_.each([&](geo::Place place, std::uint64_t index) {
      const auto at = std::size_t{place.y} * width_ + place.x;
      visit(index, *sums_[at], density(cells_[at]));
    });
  }

 private:
  struct Cell {
    std::uint64_t demand = 0, area = 0;
    static Cell around(const Cell& before, const Cell& here, const Cell& after) {
      return {before.demand + 2 * here.demand + after.demand, before.area + 2 * here.area + after.area};
    }
  };
  static double density(const Cell& cell) {
    return static_cast<double>(cell.demand) / kPeopleUnit / (static_cast<double>(cell.area) / 1e6);
  }
  Cell* row(std::size_t y) { return cells_.data() + y * width_; }
  void smooth_along_rows();
  void smooth_across_rows();

  std::size_t width_, height_;
  geo::HilbertWalk walk_;
  std::vector<const BlockSum*> sums_;  // nothing where the country has no tile
  std::vector<Cell> cells_;
};

}  // namespace placewright::mass
