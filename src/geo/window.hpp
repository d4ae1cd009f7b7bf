// Windows of the grid and the pixel coordinates inside them, in the exact arithmetic of spec S0-S1 §3.6.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "geo/grid.hpp"
#include "geo/polygon.hpp"

namespace placewright::geo {

struct Window {
  std::uint32_t row = 0, column = 0;  // of the upper left cell
  std::uint32_t rows = 0, columns = 0;
  std::uint64_t cells() const { return static_cast<std::uint64_t>(rows) * columns; }
};

// The cells that a set of vertices spans.
class WindowBuilder {
 public:
  explicit WindowBuilder(const Grid& grid);
  void add(Point vertex);
  std::optional<Window> window() const;  // nullopt when nothing of it lies on the grid

 private:
  const Grid& grid_;
  double ra_, rb_, rd_, re_, column_shift_, row_shift_;
  double min_column_ = std::numeric_limits<double>::infinity(), max_column_ = -min_column_;
  double min_row_ = min_column_, max_row_ = -min_column_;
};

struct Pixel {
  double x, y;  // columns and rows from the window's upper left corner; a cell's centre is at (x + 0.5, y + 0.5)
};

class PixelFrame {
 public:
  PixelFrame(const Grid& grid, const Window& window);
  const Window& window() const { return window_; }
  Pixel operator()(Point p) const {
    if (!rotated_) return {x0_ + p.lon * xa_, y0_ + p.lat * yb_};
    return {x0_ + p.lon * xa_ + p.lat * xb_, y0_ + p.lon * ya_ + p.lat * yb_};
  }

 private:
  Window window_;
  bool rotated_;
  double x0_, xa_, xb_, y0_, ya_, yb_;
};

}  // namespace placewright::geo
