// Some places of a square in the order of its Hilbert curve, without a sort: squares in which nothing is marked are
// stepped over.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "geo/hilbert.hpp"

namespace placewright::geo {

// A marked place is visited once however often it was marked. Time: for a place, as many steps as the curve has levels.
class HilbertWalk {
 public:
  // Over a square of 2^order by 2^order places, of which only the first `width` x `height` may be marked.
  // REQUIRES: order <= 31; width and height are at least 1 and at most 2^order.
  HilbertWalk(unsigned order, std::uint32_t width, std::uint32_t height);

  void mark(Place place);

  // visit(place, index), ascending by index = hilbert_index(order, place).
  template <class Visit>
  void each(const Visit& visit) const {
    step(static_cast<unsigned>(levels_.size() - 1), {}, 0, 0, visit);
  }

 private:
  // The curve in a quadrant is that of the square, turned: axes exchanged, both reversed, or both. Turns add up by XOR.
  enum Turn : unsigned { kAsIs = 0, kExchanged = 1, kReversed = 2 };
  static constexpr unsigned kTurns[] = {kExchanged, kAsIs, kAsIs, kExchanged | kReversed};

  struct Level {  // squares of 2^level places a side
    std::uint32_t width, height;
    std::vector<std::uint8_t> marked;
  };
  bool marked(const Level& level, Place square) const {
    return square.x < level.width && square.y < level.height &&
           level.marked[std::size_t{square.y} * level.width + square.x] != 0;
  }

  template <class Visit>
  void step(unsigned level, Place square, std::uint64_t index, unsigned turn, const Visit& visit) const {
    if (!marked(levels_[level], square)) return;
    if (level == 0) {
      visit(square, index);
      return;
    }
    for (unsigned quadrant = 0; quadrant < 4; ++quadrant) {
      std::uint32_t right = quadrant >> 1, upper = (quadrant ^ right) & 1;
      if ((turn & kExchanged) != 0) std::swap(right, upper);
      if ((turn & kReversed) != 0) {
        right ^= 1;
        upper ^= 1;
      }
      step(level - 1, {square.x << 1 | right, square.y << 1 | upper}, index << 2 | quadrant, turn ^ kTurns[quadrant],
           visit);
    }
  }

  std::vector<Level> levels_;  // from single places to the whole square
};

}  // namespace placewright::geo
