#include <algorithm>

#include "geo_io/raster_shelf.hpp"
#include "report/log.hpp"
#include "states/s2_weights/inputs.hpp"
#include "work/shelf.hpp"

namespace placewright::states::s2_weights {
namespace {

// Values decoded at once, so that two threads stay below some 200 MB on the widest raster.
constexpr std::uint64_t kStripValues = 12'000'000;

// People of one country's tiles inside one strip.
struct Piece {
  std::size_t country;
  Runs people;
};

struct Window {
  std::uint32_t first_row, rows;
  std::uint32_t first_column = 0, columns = 0;
};

std::span<const geo::Span> spans_in(const Universe& universe, const Country& country, const Window& strip) {
  const auto spans = country.tiles.spans();
  const auto begin = std::ranges::lower_bound(spans, universe.grid.id(strip.first_row, 0), {}, &geo::Span::first);
  const auto end = std::ranges::lower_bound(begin, spans.end(), universe.grid.id(strip.first_row + strip.rows, 0), {},
                                            &geo::Span::first);
  return {begin, end};
}

// The columns that hold tiles; none when the strip is empty.
void narrow(const Universe& universe, Window& strip) {
  std::uint32_t low = universe.grid.columns, high = 0;
  for (const auto& country : universe.countries) {
    for (const auto& span : spans_in(universe, country, strip)) {
      const auto column = universe.grid.column_of(span.first);
      low = std::min(low, column);
      high = std::max(high, column + span.length);
    }
  }
  if (high > low) {
    strip.first_column = low;
    strip.columns = high - low;
  }
}

// Readers and memory for strips, kept from one strip to the next.
struct Strips {
  geo_io::RasterShelf rasters;
  work::Shelf<std::vector<float>> narrow{};
  work::Shelf<std::vector<double>> wide{};
};

template <class Value>
Result<std::vector<Piece>> read_strip(geo_io::Raster& raster, work::Shelf<std::vector<Value>>& memory,
                                      const Universe& universe, const Window& strip) {
  auto values = memory.take().value_or(std::vector<Value>());
  values.resize(static_cast<std::size_t>(strip.rows) * strip.columns);
  PW_CHECK(raster.read(strip.first_row, strip.rows, strip.first_column, strip.columns, std::span<Value>(values)));
  const auto nodata = raster.info().nodata;
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < universe.countries.size(); ++i) {
    const auto spans = spans_in(universe, universe.countries[i], strip);
    if (spans.empty()) continue;
    Runs people;
    for (const auto& span : spans) {
      const auto row = universe.grid.row_of(span.first) - strip.first_row;
      const auto* cell = values.data() + static_cast<std::size_t>(row) * strip.columns +
                         (universe.grid.column_of(span.first) - strip.first_column);
      for (std::uint32_t k = 0, next = 0; k < span.length; k = next) {
        for (next = k + 1; next < span.length && cell[next] == cell[k];) ++next;
        people.add(geo_io::people_or_zero(static_cast<double>(cell[k]), nodata), next - k);
      }
    }
    people.shrink();
    pieces.push_back({i, std::move(people)});
  }
  memory.put(std::move(values));
  return pieces;
}

Result<std::vector<Piece>> read_strip(Strips& strips, const Universe& universe, Window strip) {
  narrow(universe, strip);
  if (strip.columns == 0) return std::vector<Piece>();
  PW_TRY(auto raster, strips.rasters.borrow());
  auto pieces = raster->info().value_type == "Float32" ? read_strip(*raster, strips.narrow, universe, strip)
                                                       : read_strip(*raster, strips.wide, universe, strip);
  strips.rasters.give_back(std::move(raster));
  return pieces;
}

std::uint32_t strip_rows(const geo_io::RasterInfo& info) {
  const auto block = static_cast<std::uint32_t>(std::max(1, info.block_rows));
  const auto fit = std::max<std::uint64_t>(
      1, kStripValues / std::max<std::uint64_t>(1, static_cast<std::uint64_t>(info.grid.columns) * block));
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(info.grid.rows, block * fit));
}

}  // namespace

Result<void> add_people(Context& context, Universe& universe) {
  PW_TRY(const auto file, context.run.locate("population_raster_2025"));
  PW_TRY(const auto raster, geo_io::Raster::open(file));
  universe.bytes_per_value = static_cast<std::uint64_t>(raster.info().bytes_per_value);
  const auto rows = strip_rows(raster.info());
  const auto count = (universe.grid.rows + rows - 1) / rows;
  Strips strips{geo_io::RasterShelf(file)};
  report::Progress progress(context.log, "S2 population raster strips", count);
  return work::ordered<std::vector<Piece>>(
      context.pool, count,
      [&](std::size_t i) {
        const auto first = static_cast<std::uint32_t>(i * rows);
        return read_strip(strips, universe, {first, std::min(rows, universe.grid.rows - first)});
      },
      [&](std::size_t, std::vector<Piece>&& pieces) -> Result<void> {
        for (auto& piece : pieces)
          universe.countries[piece.country].components.people.push_back(std::move(piece.people));
        progress.advance();
        return {};
      });
}

}  // namespace placewright::states::s2_weights
