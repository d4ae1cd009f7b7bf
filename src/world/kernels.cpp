#include "world/kernels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "world/exponential.hpp"

namespace placewright::world {

RowSpans::RowSpans(const geo::Grid& grid, const geo::TileSet& tiles) {
  if (tiles.empty()) return;
  const auto spans = tiles.spans();
  first_row_ = grid.row_of(spans.front().first);
  begin_.clear();
  const auto rows = grid.row_of(spans.back().first) - first_row_ + 1;
  std::size_t span = 0;
  for (std::uint32_t r = 0; r < rows; ++r) {
    begin_.push_back(span);
    while (span < spans.size() && grid.row_of(spans[span].first) == first_row_ + r) ++span;
  }
  begin_.push_back(span);
}

double cosine_of_latitude(double latitude) {
  const double cosine = std::cos(latitude * std::numbers::pi / 180);
  return std::max(std::nearbyint(cosine * 0x1p30) * 0x1p-30, 0.01);
}

Kernels::Window Kernels::window(const Place& place) const {
  const auto& grid = ground_.grid;
  const double reach = 8 * place.radius_km, cosine = cosine_of_latitude(place.lat);
  Window w;
  w.km_per_column = grid.a * kKmPerDegree * cosine;
  const double height = reach / kKmPerDegree / -grid.e;  // in rows
  const double row = (place.lat - grid.f) / grid.e - 0.5;
  const double top = std::max(std::ceil(row - height), static_cast<double>(rows_.first_row()));
  const double bottom = std::min(std::floor(row + height) + 1, static_cast<double>(rows_.end_row()));
  if (top >= bottom) return w;
  w.first_row = static_cast<std::uint32_t>(top);
  w.end_row = static_cast<std::uint32_t>(bottom);
  const double width = std::min(reach / w.km_per_column, grid.columns / 2.0 - 1);
  const double column = (place.lon - grid.c) / grid.a - 0.5;
  w.first_column = static_cast<std::int64_t>(std::ceil(column - width));
  w.last_column = static_cast<std::int64_t>(std::floor(column + width));
  return w;
}

void Kernels::pieces(std::uint32_t row, std::int64_t first, std::int64_t last, std::int64_t shift,
                     std::vector<Piece>& out) const {
  if (first > last) return;
  const auto [begin, end] = rows_.of(row);
  const auto spans = tiles_.spans().subspan(begin, end - begin);
  const auto id = ground_.grid.id(row, 0);
  const auto from = id + static_cast<std::uint64_t>(first), to = id + static_cast<std::uint64_t>(last);
  auto it = std::ranges::partition_point(spans, [from](const geo::Span& s) { return s.first + s.length <= from; });
  for (; it != spans.end() && it->first <= to; ++it) {
    const auto a = std::max(it->first, from), b = std::min(it->first + it->length - 1, to);
    const auto index = begin + static_cast<std::size_t>(it - spans.begin());
    out.push_back({tiles_.start_of(index) + (a - it->first), static_cast<std::int64_t>(a - id) + shift,
                   static_cast<std::uint32_t>(b - a + 1)});
  }
}

void kernel_values(double distance_x, double step, double distance_y, double radius, double reach,
                   std::span<double> out) {
  const double y2 = distance_y * distance_y, reach2 = reach * reach;
  double* const to = out.data();
  const auto count = static_cast<int>(out.size());
  for (int i = 0; i < count; ++i) {
    const double x = distance_x + i * step;
    const double d2 = x * x + y2;
    const double value = exponential(-std::sqrt(d2) / radius);
    to[i] = d2 <= reach2 ? value : 0.0;
  }
}

double Kernels::sum(const Place& place, const Window& window, std::vector<double>& values) const {
  double total = 0;
  for (auto r = window.first_row; r < window.end_row; ++r) {
    row(place, window, r, values, [&total](const Piece&, std::span<const double> kernel) {
      for (const double k : kernel) total += k;
    });
  }
  return total;
}

Kernels::Nearest Kernels::nearest(const Place& place) const {
  const auto& grid = ground_.grid;
  const double column = (place.lon - grid.c) / grid.a - 0.5, row = (place.lat - grid.f) / grid.e - 0.5;
  const double km_row = -grid.e * kKmPerDegree, km_column = grid.a * kKmPerDegree * cosine_of_latitude(place.lat);
  std::uint64_t best = 0;
  double best_km2 = std::numeric_limits<double>::infinity();
  for (auto r = rows_.first_row(); r < rows_.end_row(); ++r) {
    const double dy = (r - row) * km_row;
    if (dy * dy >= best_km2) continue;
    const auto [begin, end] = rows_.of(r);
    for (auto s = begin; s < end; ++s) {
      const auto& span = tiles_.spans()[s];
      const double first = grid.column_of(span.first), last = first + span.length - 1;
      for (const double turn : {-1.0, 0.0, 1.0}) {
        const double at = std::clamp(std::nearbyint(column + turn * grid.columns), first, last);
        const double dx = (at - column - turn * grid.columns) * km_column;
        const double km2 = dx * dx + dy * dy;
        if (km2 >= best_km2) continue;
        best_km2 = km2;
        best = tiles_.start_of(s) + static_cast<std::uint64_t>(at - first);
      }
    }
  }
  return {best, std::sqrt(best_km2)};
}

}  // namespace placewright::world
