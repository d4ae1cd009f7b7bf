// Which cells of a country a place reaches, and how much of it each gets.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "geo/tile_set.hpp"
#include "world/population.hpp"

namespace placewright::world {

inline constexpr double kKmPerDegree = 111.195;

// Spans of a tile set by raster row.
class RowSpans {
 public:
  RowSpans(const geo::Grid& grid, const geo::TileSet& tiles);
  std::uint32_t first_row() const { return first_row_; }
  std::uint32_t end_row() const { return first_row_ + static_cast<std::uint32_t>(begin_.size()) - 1; }
  // Indices [first, second) of the row's spans; REQUIRES first_row() <= row < end_row().
  std::pair<std::size_t, std::size_t> of(std::uint32_t row) const {
    return {begin_[row - first_row_], begin_[row - first_row_ + 1]};
  }

 private:
  std::uint32_t first_row_ = 0;
  std::vector<std::size_t> begin_ = {0};
};

// A run of cells inside a place's window; `column` counts on past the antimeridian, so that distances are plain.
struct Piece {
  std::uint64_t position;  // of its first cell in the tile set
  std::int64_t column;
  std::uint32_t count;
};

class Kernels {
 public:
  Kernels(const Ground& ground, const geo::TileSet& tiles, const RowSpans& rows)
      : ground_(ground), tiles_(tiles), rows_(rows) {}

  struct Window {
    std::uint32_t first_row = 0, end_row = 0;  // empty: nothing of the country is in reach
    std::int64_t first_column = 0, last_column = -1;
    double km_per_column = 0;
  };
  Window window(const Place& place) const;
  // exp(-d / r) cut at 8 r for each cell of the row's pieces, west to east.
  template <class Use>
  void row(const Place& place, const Window& window, std::uint32_t row, std::vector<double>& values,
           const Use& use) const;
  double sum(const Place& place, const Window& window, std::vector<double>& values) const;
  struct Nearest {
    std::uint64_t position;
    double km;
  };
  // The cell whose centre is nearest; the smallest position among equals.
  Nearest nearest(const Place& place) const;

 private:
  void pieces(std::uint32_t row, std::int64_t first, std::int64_t last, std::int64_t shift,
              std::vector<Piece>& out) const;

  const Ground& ground_;
  const geo::TileSet& tiles_;
  const RowSpans& rows_;
};

// Kernel values of one piece: `distance_y` km north-south, first cell `distance_x` km away, `step` km per cell.
void kernel_values(double distance_x, double step, double distance_y, double radius, double reach,
                   std::span<double> out);

// Cosine of a latitude in degrees, kept above zero and free of a libm's last bits.
double cosine_of_latitude(double latitude);

template <class Use>
void Kernels::row(const Place& place, const Window& window, std::uint32_t row, std::vector<double>& values,
                  const Use& use) const {
  const auto& grid = ground_.grid;
  const std::int64_t columns = grid.columns;
  thread_local std::vector<Piece> found;
  found.clear();
  pieces(row, window.first_column + columns, std::min<std::int64_t>(window.last_column, -1) + columns, -columns, found);
  pieces(row, std::max<std::int64_t>(window.first_column, 0), std::min(window.last_column, columns - 1), 0, found);
  pieces(row, std::max(window.first_column, columns) - columns, window.last_column - columns, columns, found);
  const double dy = (grid.f + grid.e * (row + 0.5) - place.lat) * kKmPerDegree;
  for (const auto& piece : found) {
    values.resize(piece.count);
    const double dx =
        (grid.c + grid.a * (static_cast<double>(piece.column) + 0.5) - place.lon) * (window.km_per_column / grid.a);
    kernel_values(dx, window.km_per_column, dy, place.radius_km, 8 * place.radius_km, values);
    use(piece, std::span<const double>(values));
  }
}

}  // namespace placewright::world
