#include "geo/hilbert.hpp"

#include <utility>

namespace placewright::geo {
namespace {

// A quadrant of side `side` seen in its parent's orientation: the first is mirrored along the diagonal, the last along
// the other one.
void turn(std::uint32_t side, std::uint32_t right, std::uint32_t upper, Place& place) {
  if (upper != 0) return;
  if (right != 0) {
    place.x = side - 1 - place.x;
    place.y = side - 1 - place.y;
  }
  std::swap(place.x, place.y);
}

}  // namespace

std::uint64_t hilbert_index(unsigned order, Place place) {
  std::uint64_t index = 0;
  for (unsigned level = order; level-- > 0;) {
    const std::uint32_t side = 1U << level;
    const std::uint32_t right = place.x >> level & 1, upper = place.y >> level & 1;
    index = index << 2 | (3 * right ^ upper);
    place.x &= side - 1;
    place.y &= side - 1;
    turn(side, right, upper, place);
  }
  return index;
}

Place hilbert_place(unsigned order, std::uint64_t index) {
  Place place;
  for (unsigned level = 0; level < order; ++level) {
    const std::uint32_t side = 1U << level;
    const auto quadrant = static_cast<std::uint32_t>(index >> (2 * level)) & 3;
    const std::uint32_t right = quadrant >> 1, upper = (quadrant ^ right) & 1;
    turn(side, right, upper, place);
    place.x += right << level;
    place.y += upper << level;
  }
  return place;
}

}  // namespace placewright::geo
