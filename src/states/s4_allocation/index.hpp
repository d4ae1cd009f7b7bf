// The weights of one country grouped by value, so that allocation never visits its tiles one by one (spec S2-S4 §4).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "datasets/weights.hpp"

namespace placewright::states::s4_allocation {

// Place of a tile in the order (weight descending, tile ascending); 0 is the heaviest.
using Rank = std::uint64_t;

// All tiles of one weight. Their ranks are first_rank .. first_rank + size - 1, in ascending tile order.
struct WeightGroup {
  std::int64_t weight = 0;
  std::uint32_t first_rank = 0;
  std::uint32_t size = 0;
  std::uint32_t runs_begin = 0, runs_end = 0;
  std::uint32_t before_begin = 0;  // into the prefix lengths
  bool singles = false;            // every run is one tile: no prefix lengths are held
};

//  Holds four or eight bytes a run of equal weight, and 32 a weight: a country of 42 million tiles with a weight of its own
//  for every tile takes 1.5 GB, with weights constant along rows a few hundred kilobytes.
class WeightIndex {
 public:
  WeightIndex() = default;
  // REQUIRES: fewer than 2^32 tiles.
  explicit WeightIndex(const datasets::CountryWeights& weights);

  std::uint64_t tiles() const { return tiles_; }
  std::span<const WeightGroup> groups() const { return groups_; }  // heaviest first
  // Position in the tile set of the j-th tile of a group. REQUIRES: j < group.size.
  std::uint64_t select(const WeightGroup& group, std::uint64_t j) const;
  // Tiles of the group at positions below `position`.
  std::uint64_t count_below(const WeightGroup& group, std::uint64_t position) const;
  std::uint64_t position_of(Rank rank) const;
  std::uint64_t bytes() const;

 private:
  std::uint64_t tiles_ = 0;
  std::vector<WeightGroup> groups_;
  std::vector<std::uint32_t> starts_;  // positions of the runs, group by group
  std::vector<std::uint32_t> before_;  // tiles of the group before each run
};

}  // namespace placewright::states::s4_allocation
