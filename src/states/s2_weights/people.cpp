#include <algorithm>

#include "geo_io/raster_shelf.hpp"
#include "report/log.hpp"
#include "states/s2_weights/inputs.hpp"
#include "work/shelf.hpp"

namespace placewright::states::s2_weights {
namespace {

// Values read at once where the raster has no tiles but strips.
constexpr std::uint64_t kStripValues = 12'000'000;

// A strip of the raster, north to south, is read in windows, west to east.
struct Layout {
  std::uint32_t strip_rows, window_columns;
};

Layout layout_of(const geo_io::RasterInfo& info) {
  const auto rows = static_cast<std::uint32_t>(std::max(1, info.block_rows));
  const auto columns = std::min(static_cast<std::uint32_t>(std::max(1, info.block_columns)), info.grid.columns);
  const auto blocks = std::max<std::uint64_t>(1, kStripValues / (std::uint64_t{info.grid.columns} * rows));
  return {static_cast<std::uint32_t>(std::min<std::uint64_t>(info.grid.rows, rows * blocks)), columns};
}

// A piece of a span that lies in one window, and the runs of people found there.
struct Cut {
  std::uint32_t country, row, column, length;
  std::size_t first_run = 0, runs = 0;
};

// Memory for a strip, kept from one to the next.
template <class Value>
struct Strip {
  std::vector<Cut> cuts;                         // by country and tile
  std::vector<std::vector<std::uint32_t>> here;  // by window: its cuts
  std::vector<Value> window;
  std::vector<double> values;  // of runs, window after window
  std::vector<std::uint32_t> lengths;
};

// People of one country's tiles inside one strip.
struct Piece {
  std::size_t country;
  Runs people;
};

template <class Value>
class StripReader {
 public:
  StripReader(const Universe& universe, Layout layout, std::uint32_t first_row, std::uint32_t rows,
              geo_io::Raster& raster, Strip<Value>& strip)
      : universe_(universe), layout_(layout), first_row_(first_row), rows_(rows), raster_(raster), strip_(strip) {}

  Result<std::vector<Piece>> read() {
    cut();
    for (std::uint32_t w = 0; w < strip_.here.size(); ++w)
      if (!strip_.here[w].empty()) PW_CHECK(read_window(w));
    return pieces();
  }

 private:
  // Windows without a tile are not read: most of the raster is sea.
  void cut() {
    strip_.cuts.clear();
    strip_.values.clear();
    strip_.lengths.clear();
    strip_.here.assign((universe_.grid.columns - 1) / layout_.window_columns + 1, {});
    const auto begin = universe_.grid.id(first_row_, 0), end = universe_.grid.id(first_row_ + rows_, 0);
    for (std::uint32_t c = 0; c < universe_.countries.size(); ++c) {
      const auto spans = universe_.countries[c].tiles.spans();
      auto span = std::ranges::lower_bound(spans, begin, {}, &geo::Span::first);
      for (; span != spans.end() && span->first < end; ++span) cut(c, *span);
    }
  }

  void cut(std::uint32_t country, const geo::Span& span) {
    const auto row = universe_.grid.row_of(span.first) - first_row_;
    auto column = universe_.grid.column_of(span.first);
    for (const auto end = column + span.length; column < end;) {
      const auto window = column / layout_.window_columns;
      const auto length = std::min(end, (window + 1) * layout_.window_columns) - column;
      strip_.here[window].push_back(static_cast<std::uint32_t>(strip_.cuts.size()));
      strip_.cuts.push_back({country, row, column, length});
      column += length;
    }
  }

  Result<void> read_window(std::uint32_t w) {
    const auto first = w * layout_.window_columns;
    const auto columns = std::min(layout_.window_columns, universe_.grid.columns - first);
    strip_.window.resize(std::size_t{rows_} * columns);
    PW_CHECK(raster_.read(first_row_, rows_, first, columns, std::span<Value>(strip_.window)));
    for (const auto i : strip_.here[w]) {
      auto& cut = strip_.cuts[i];
      encode(cut, strip_.window.data() + std::size_t{cut.row} * columns + (cut.column - first));
    }
    return {};
  }

  void encode(Cut& cut, const Value* cells) {
    cut.first_run = strip_.values.size();
    for (std::uint32_t k = 0, next = 0; k < cut.length; k = next) {
      for (next = k + 1; next < cut.length && cells[next] == cells[k];) ++next;
      strip_.values.push_back(geo_io::people_or_zero(static_cast<double>(cells[k]), raster_.info().nodata));
      strip_.lengths.push_back(next - k);
    }
    cut.runs = strip_.values.size() - cut.first_run;
  }

  std::vector<Piece> pieces() const {
    std::vector<Piece> pieces;
    const auto& cuts = strip_.cuts;
    for (std::size_t first = 0, last = 0; first < cuts.size(); first = last) {
      std::size_t runs = 0;
      for (; last < cuts.size() && cuts[last].country == cuts[first].country; ++last) runs += cuts[last].runs;
      Runs people;
      people.reserve(runs);
      for (auto i = first; i < last; ++i) {
        people.append(std::span(strip_.values).subspan(cuts[i].first_run, cuts[i].runs),
                      std::span(strip_.lengths).subspan(cuts[i].first_run, cuts[i].runs));
      }
      pieces.push_back({cuts[first].country, std::move(people)});
    }
    return pieces;
  }

  const Universe& universe_;
  Layout layout_;
  std::uint32_t first_row_, rows_;
  geo_io::Raster& raster_;
  Strip<Value>& strip_;
};

template <class Value>
Result<void> add_people(Context& context, Universe& universe, const std::filesystem::path& file, Layout layout) {
  geo_io::RasterShelf rasters(file);
  work::Shelf<Strip<Value>> strips;
  const auto count = (universe.grid.rows - 1) / layout.strip_rows + 1;
  report::Progress progress(context.log, "S2 population raster strips", count);
  return work::ordered<std::vector<Piece>>(
      context.pool, count,
      [&](std::size_t i) -> Result<std::vector<Piece>> {
        const auto first = static_cast<std::uint32_t>(i) * layout.strip_rows;
        PW_TRY(auto raster, rasters.borrow());
        auto strip = strips.take().value_or(Strip<Value>());
        const auto rows = std::min(layout.strip_rows, universe.grid.rows - first);
        auto pieces = StripReader<Value>(universe, layout, first, rows, *raster, strip).read();
        strips.put(std::move(strip));
        rasters.give_back(std::move(raster));
        return pieces;
      },
      [&](std::size_t, std::vector<Piece>&& pieces) -> Result<void> {
        for (auto& piece : pieces)
          universe.countries[piece.country].components.people.push_back(std::move(piece.people));
        progress.advance();
        return {};
      });
}

}  // namespace

Result<void> add_people(Context& context, Universe& universe) {
  PW_TRY(const auto file, context.run.locate("population_raster_2025"));
  PW_TRY(const auto raster, geo_io::Raster::open(file));
  const auto& info = raster.info();
  universe.bytes_per_value = static_cast<std::uint64_t>(info.bytes_per_value);
  return info.value_type == "Float32" ? add_people<float>(context, universe, file, layout_of(info))
                                      : add_people<double>(context, universe, file, layout_of(info));
}

}  // namespace placewright::states::s2_weights
