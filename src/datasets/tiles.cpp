#include "datasets/tiles.hpp"

#include <algorithm>

#include "datasets/schemas.hpp"
#include "geo_io/raster.hpp"
#include "table/table.hpp"

namespace placewright::datasets {
namespace {

namespace fs = std::filesystem;

// Where a dataset is published; nothing when it is not, or when a foreign dictionary does not know it.
std::optional<fs::path> published(const store::RunFolder& run, std::string_view dataset) {
  const auto path = run.target(dataset);
  std::error_code error;
  if (!path || !fs::is_directory(*path, error)) return std::nullopt;
  return *path;
}

Result<std::vector<Iso>> country_folders(const fs::path& root) {
  constexpr std::string_view kPrefix = "country=";
  std::vector<Iso> countries;
  std::error_code error;
  for (fs::directory_iterator it(root, error), end; !error && it != end; it.increment(error)) {
    const auto name = it->path().filename().string();
    if (!name.starts_with(kPrefix)) continue;
    const auto iso = Iso::parse(std::string_view(name).substr(kPrefix.size()));
    if (!iso) return Error("PW_TABLE", it->path().string() + " is not named for a two-letter country code");
    countries.push_back(*iso);
  }
  if (error) return Error("PW_IO", "cannot list " + root.string() + ": " + error.message());
  std::ranges::sort(countries);
  return countries;
}

// Ascending tile ids to spans that end with their raster row.
class SpanBuilder {
 public:
  explicit SpanBuilder(const geo::Grid& grid)
      : columns_(grid.columns), cells_(static_cast<TileId>(grid.columns) * grid.rows) {}

  // False when the tile does not come after the last one or lies outside the grid.
  bool add(TileId tile) {
    if (tile == next_ && tile < row_end_) {
      ++spans_.back().length;
    } else {
      if (tile < next_ || tile >= cells_) return false;
      spans_.push_back({tile, 1});
      row_end_ = tile - tile % columns_ + columns_;
    }
    next_ = tile + 1;
    return true;
  }
  std::optional<TileId> last() const { return next_ == 0 ? std::nullopt : std::optional(next_ - 1); }
  std::vector<geo::Span> take() { return std::move(spans_); }

 private:
  TileId columns_, cells_;
  TileId next_ = 0;     // smallest id that may follow
  TileId row_end_ = 0;  // first id after the row of the last span
  std::vector<geo::Span> spans_;
};

Error tile_fault(const fs::path& folder, Iso country, TileId tile, const SpanBuilder& spans) {
  const auto place = folder.string() + ", tile_id " + std::to_string(tile);
  if (spans.last() == tile) {
    return Error("E407_PK_DUPLICATE", place + " is listed twice")
        .with("detail", "duplicate_tile_id")
        .with("legal_country_iso", country);
  }
  const bool descends = spans.last() && tile < *spans.last();
  return Error("PW_TABLE",
               place + (descends ? " comes after " + std::to_string(*spans.last()) + "; rows must ascend by tile_id"
                                 : " lies outside the grid of the population raster"))
      .with("legal_country_iso", country);
}

// Row group by row group: the largest country has some 42 million rows.
Result<geo::TileSet> spans_of_rows(const geo::Grid& grid, const fs::path& folder, Iso country) {
  PW_TRY(const auto rows, table::Dataset::open(folder));
  SpanBuilder spans(grid);
  for (std::size_t group = 0; group < rows.groups(); ++group) {
    PW_TRY(const auto batch, rows.read(group, {{"tile_id", table::Kind::u64}}));
    for (const auto tile : batch.u64(0)) {
      if (!spans.add(tile)) return tile_fault(folder, country, tile, spans);
    }
  }
  return geo::TileSet(spans.take());
}

// The law of a span file: ascending by country and tile, every span not empty, disjoint and within one raster row.
struct SpanReader {
  const geo::Grid& grid;
  std::vector<Iso> countries;
  std::vector<std::vector<geo::Span>> spans;

  bool add(Iso country, TileId first, std::int64_t length) {
    if (length < 1 || first >= static_cast<TileId>(grid.columns) * grid.rows) return false;
    if (static_cast<std::uint64_t>(length) > grid.columns - grid.column_of(first)) return false;
    if (countries.empty() || countries.back() != country) {
      if (!countries.empty() && country < countries.back()) return false;
      countries.push_back(country);
      spans.emplace_back();
    }
    auto& of_country = spans.back();
    if (!of_country.empty() && first < of_country.back().first + of_country.back().length) return false;
    of_country.push_back({first, static_cast<std::uint32_t>(length)});
    return true;
  }
};

Result<SpanReader> read_spans(const geo::Grid& grid, const fs::path& folder) {
  PW_TRY(const auto rows, table::Dataset::open(folder));
  SpanReader reader{grid, {}, {}};
  std::uint64_t row = 0;
  for (std::size_t group = 0; group < rows.groups(); ++group) {
    PW_TRY(const auto batch, rows.read(group, kTileSpans));
    PW_TRY(const auto isos, table::isos(batch.text(0), "country_iso"));
    for (std::size_t i = 0; i < batch.rows; ++i, ++row) {
      if (reader.add(isos[i], batch.u64(1)[i], batch.i64(2)[i])) continue;
      return Error("PW_TABLE", folder.string() + ", row " + std::to_string(row) + ": span of " + isos[i].text() +
                                   " at tile " + std::to_string(batch.u64(1)[i]) + " of length " +
                                   std::to_string(batch.i64(2)[i]) + " is out of order or leaves its raster row");
    }
  }
  return reader;
}

}  // namespace

Result<TileUniverse> TileUniverse::open(const store::RunFolder& run) {
  TileUniverse universe;
  PW_TRY(const auto raster_file, run.locate("population_raster_2025"));
  PW_TRY(const auto raster, geo_io::Raster::open(raster_file));
  universe.grid_ = raster.info().grid;
  if (const auto spans = published(run, "tile_spans")) {
    universe.root_ = *spans;
    PW_TRY(auto reader, read_spans(universe.grid_, *spans));
    universe.countries_ = std::move(reader.countries);
    for (auto& of_country : reader.spans) universe.spans_.emplace_back(std::move(of_country));
    return universe;
  }
  if (const auto rows = published(run, "tile_index")) {
    universe.rows_form_ = true;
    universe.root_ = *rows;
    PW_TRY(universe.countries_, country_folders(*rows));
    return universe;
  }
  std::string places;
  for (const auto* dataset : {"tile_index", "tile_spans"}) {
    if (const auto path = run.target(dataset)) places += (places.empty() ? "" : " nor ") + path->string();
  }
  return Error("PW_INPUT", "S1 has published no tiles: neither " + places + " exists; run S1 first");
}

bool TileUniverse::has(Iso country) const { return std::ranges::binary_search(countries_, country); }

Result<geo::TileSet> TileUniverse::load(Iso country) const {
  const auto found = std::ranges::lower_bound(countries_, country);
  if (found == countries_.end() || *found != country) return geo::TileSet();
  if (!rows_form_) return spans_[static_cast<std::size_t>(found - countries_.begin())];
  return spans_of_rows(grid_, root_ / ("country=" + country.text()), country);
}

}  // namespace placewright::datasets
