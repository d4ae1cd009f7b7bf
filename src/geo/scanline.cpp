#include "geo/scanline.hpp"

#include <algorithm>
#include <optional>

namespace placewright::geo {
namespace {

double signed_area(const Ring& ring) {
  double twice = 0;
  const Point o = ring.front();
  for (std::size_t i = 1; i < ring.size(); ++i) {
    const Point p = ring[i - 1], q = ring[i];
    twice += (p.lon - o.lon) * (q.lat - o.lat) - (q.lon - o.lon) * (p.lat - o.lat);
  }
  return twice;
}

// Ascending order of what is spread over some rows: counted into its rows, then sorted in each. Values of a row are
// few, and come almost sorted.
template <class T, class RowOf>
void sort_by_row(std::vector<T>& values, const RowOf& row_of) {
  constexpr std::size_t kFew = 64;
  if (std::ranges::is_sorted(values)) return;
  if (values.size() < kFew) {
    std::ranges::sort(values);
    return;
  }
  const auto [first, last] = std::ranges::minmax_element(values, {}, row_of);
  const auto low = row_of(*first);
  std::vector<std::size_t> ends(static_cast<std::size_t>(row_of(*last) - low) + 2);
  for (const auto& value : values) ++ends[row_of(value) - low + 1];
  for (std::size_t row = 1; row < ends.size(); ++row) ends[row] += ends[row - 1];
  std::vector<T> ordered(values.size());
  for (const auto& value : values) ordered[ends[row_of(value) - low]++] = value;
  // Now ends[row] is where a row ends.
  std::size_t begin = 0;
  for (const auto end : ends) {
    std::sort(ordered.begin() + static_cast<std::ptrdiff_t>(begin), ordered.begin() + static_cast<std::ptrdiff_t>(end));
    begin = end;
  }
  values.swap(ordered);
}

// One polygon's crossings with the lines through the middle of each row, packed as row << 32 | column so that sorting
// them orders rows, and columns in a row.
class Scanlines {
 public:
  Scanlines(const PixelFrame& frame, std::vector<CellRun>& runs)
      : frame_(frame), rows_(frame.window().rows), columns_(frame.window().columns), runs_(runs) {}

  void add(const Ring& ring) {
    if (ring.empty()) return;
    Pixel p = frame_(ring.back());
    auto row = first_row(p.y);
    std::optional<bool> clockwise;  // seldom asked for, and costs a walk
    for (const auto& vertex : ring) {
      const Pixel q = frame_(vertex);
      const auto next = first_row(q.y);
      if (p.y < q.y) {
        cross(p, row, q, next);
      } else if (p.y > q.y) {
        cross(q, next, p, row);
      } else if (row < rows_ && row + 0.5 == p.y) {
        if (!clockwise) clockwise = signed_area(ring) < 0;
        burn_south_edge(row, *clockwise ? p : q, *clockwise ? q : p);
      }
      p = q;
      row = next;
    }
  }

  void finish() {
    sort_by_row(crossings_, [](std::uint64_t crossing) { return static_cast<std::uint32_t>(crossing >> 32); });
    // A closed ring crosses each line an even number of times.
    for (std::size_t k = 0; k + 1 < crossings_.size(); k += 2) {
      emit(static_cast<std::uint32_t>(crossings_[k] >> 32), static_cast<std::uint32_t>(crossings_[k]),
           static_cast<std::uint32_t>(crossings_[k + 1]));
    }
  }

 private:
  // First row whose middle is not above y, in [0, rows].
  std::uint32_t first_row(double y) const {
    if (y <= 0.5) return 0;
    if (y > rows_ - 0.5) return rows_;
    double row = static_cast<std::uint32_t>(y - 0.5);
    if (row < y - 0.5) row += 1;
    if (row - 1 + 0.5 >= y) row -= 1;
    if (row + 0.5 < y) row += 1;
    return static_cast<std::uint32_t>(row);
  }

  // Clamping keeps the order of crossings, so it clips the spans between them.
  std::uint32_t column(double x) const {
    const double c = x + 0.5;
    return c < 1 ? 0 : c >= columns_ ? columns_ : static_cast<std::uint32_t>(c);
  }

  // In rows [first, end), those of the two ends.
  void cross(Pixel low, std::uint32_t first, Pixel high, std::uint32_t end) {
    for (auto row = first; row < end; ++row) {
      const double y = row + 0.5;
      const double x = (y - low.y) * (high.x - low.x) / (high.y - low.y) + low.x;
      crossings_.push_back(static_cast<std::uint64_t>(row) << 32 | column(x));
    }
  }

  // A horizontal edge on a row's middle, walked clockwise: westward means that the polygon lies north of it.
  void burn_south_edge(std::uint32_t row, Pixel p, Pixel q) {
    if (p.x > q.x) emit(row, column(q.x), column(p.x));
  }

  void emit(std::uint32_t row, std::uint32_t first, std::uint32_t end) {
    const auto& w = frame_.window();
    if (first < end) runs_.push_back({w.row + row, w.column + first, w.column + end});
  }

  const PixelFrame& frame_;
  std::uint32_t rows_, columns_;
  std::vector<CellRun>& runs_;
  std::vector<std::uint64_t> crossings_;
};

}  // namespace

void fill(const PixelFrame& frame, std::span<const Ring* const> rings, std::vector<CellRun>& runs) {
  Scanlines lines(frame, runs);
  for (const auto* ring : rings) lines.add(*ring);
  lines.finish();
}

void unite(std::vector<CellRun>& runs) {
  sort_by_row(runs, [](const CellRun& run) { return run.row; });
  std::size_t kept = 0;
  for (const auto& run : runs) {
    if (kept > 0 && runs[kept - 1].row == run.row && run.first <= runs[kept - 1].end) {
      runs[kept - 1].end = std::max(runs[kept - 1].end, run.end);
    } else {
      runs[kept++] = run;
    }
  }
  runs.resize(kept);
}

std::uint64_t cells_in(std::span<const CellRun> runs) {
  std::uint64_t cells = 0;
  for (const auto& run : runs) cells += run.end - run.first;
  return cells;
}

TileSet tile_set_of(const Grid& grid, std::span<const CellRun> runs) {
  std::vector<Span> spans;
  spans.reserve(runs.size());
  for (const auto& run : runs) spans.push_back({grid.id(run.row, run.first), run.end - run.first});
  return TileSet(std::move(spans));
}

}  // namespace placewright::geo
