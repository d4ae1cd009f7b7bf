#include "geo/hilbert_walk.hpp"

namespace placewright::geo {

HilbertWalk::HilbertWalk(unsigned order, std::uint32_t width, std::uint32_t height) {
  for (unsigned level = 0; level <= order; ++level) {
    const auto across = ((width - 1) >> level) + 1, down = ((height - 1) >> level) + 1;
    levels_.push_back({across, down, std::vector<std::uint8_t>(std::size_t{across} * down)});
  }
}

void HilbertWalk::mark(Place place) {
  for (auto& level : levels_) {
    auto& marked = level.marked[std::size_t{place.y} * level.width + place.x];
    if (marked != 0) return;
    marked = 1;
    place = {place.x >> 1, place.y >> 1};
  }
}

}  // namespace placewright::geo
