#include "mass/surroundings.hpp"

#include <algorithm>

namespace placewright::mass {

Surroundings::Surroundings(const geo::BlockFrame& frame, const BlockSums& sums)
    : width_(frame.width()),
      height_(frame.height()),
      walk_(frame.order(), frame.width(), frame.height()),
      sums_(width_ * height_),
      cells_(width_ * height_) {
  for (const auto& piece : sums) {
    for (const auto& sum : piece) {
      const auto place = frame.place_of(sum.at);
      const auto at = std::size_t{place.y} * width_ + place.x;
      walk_.mark(place);
      sums_[at] = &sum;
      cells_[at] = {sum.sums.demand, sum.area_m2};
    }
  }
}

void Surroundings::smooth() {
  smooth_along_rows();
  smooth_across_rows();
}

void Surroundings::smooth_along_rows() {
  for (std::size_t y = 0; y < height_; ++y) {
    Cell before;
    for (std::size_t x = 0; x < width_; ++x) {
      auto& cell = row(y)[x];
      const Cell here = cell;
      cell = Cell::around(before, here, x + 1 < width_ ? row(y)[x + 1] : Cell());
      before = here;
    }
  }
}

void Surroundings::smooth_across_rows() {
  std::vector<Cell> before(width_), here(width_);
  const std::vector<Cell> none(width_);
  for (std::size_t y = 0; y < height_; ++y) {
    std::copy_n(row(y), width_, here.begin());
    const Cell* after = y + 1 < height_ ? row(y + 1) : none.data();
    for (std::size_t x = 0; x < width_; ++x) row(y)[x] = Cell::around(before[x], here[x], after[x]);
    std::swap(before, here);
  }
}

}  // namespace placewright::mass
