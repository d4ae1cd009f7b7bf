#include "geo/window.hpp"

#include <algorithm>
#include <cmath>

namespace placewright::geo {

WindowBuilder::WindowBuilder(const Grid& grid) : grid_(grid) {
  const double i = 1 / (grid.a * grid.e - grid.b * grid.d);
  ra_ = grid.e * i;
  rb_ = -grid.b * i;
  rd_ = -grid.d * i;
  re_ = grid.a * i;
  column_shift_ = -grid.c * ra_ - grid.f * rb_;
  row_shift_ = -grid.c * rd_ - grid.f * re_;
}

void WindowBuilder::add(Point vertex) {
  const double column = vertex.lon * ra_ + vertex.lat * rb_ + column_shift_;
  const double row = vertex.lon * rd_ + vertex.lat * re_ + row_shift_;
  min_column_ = std::min(min_column_, column);
  max_column_ = std::max(max_column_, column);
  min_row_ = std::min(min_row_, row);
  max_row_ = std::max(max_row_, row);
}

std::optional<Window> WindowBuilder::window() const {
  const double left = std::max(0.0, std::floor(min_column_)),
               right = std::min<double>(grid_.columns, std::ceil(max_column_));
  const double top = std::max(0.0, std::floor(min_row_)), bottom = std::min<double>(grid_.rows, std::ceil(max_row_));
  if (!(left < right && top < bottom)) return std::nullopt;
  const auto whole = [](double v) { return static_cast<std::uint32_t>(v); };
  return Window{whole(top), whole(left), whole(bottom - top), whole(right - left)};
}

PixelFrame::PixelFrame(const Grid& grid, const Window& window) : window_(window), rotated_(grid.rotated()) {
  const double column = window.column, row = window.row;
  const double c = grid.c + ((column * grid.a + row * grid.b + grid.c) - grid.c);
  const double f = grid.f + ((column * grid.d + row * grid.e + grid.f) - grid.f);
  if (!rotated_) {
    x0_ = -c / grid.a;
    xa_ = 1 / grid.a;
    y0_ = -f / grid.e;
    yb_ = 1 / grid.e;
    xb_ = ya_ = 0;
    return;
  }
  const double i = 1 / (grid.a * grid.e - grid.b * grid.d);
  xa_ = grid.e * i;
  ya_ = -grid.d * i;
  xb_ = -grid.b * i;
  yb_ = grid.a * i;
  x0_ = (grid.b * f - c * grid.e) * i;
  y0_ = (-grid.a * f + c * grid.d) * i;
}

}  // namespace placewright::geo
