#include "states/s2_weights/inputs.hpp"

#include <algorithm>
#include <string>

#include "datasets/tiles.hpp"
#include "geo/area.hpp"
#include "table/table.hpp"

namespace placewright::states::s2_weights {
namespace {

namespace fs = std::filesystem;

Error missing(const char* detail, const std::string& what) { return Error("E101_TILE_INDEX_MISSING", what).with("detail", detail); }

Error hygiene(const char* detail, Iso country, const std::string& what) {
  return Error("E108_WRITER_HYGIENE", what).with("detail", detail).with("country_iso", country);
}

Result<void> check_known(const std::string& code, const std::vector<Iso>& iso_codes) {
  const auto iso = Iso::parse(code);
  if (iso && std::ranges::binary_search(iso_codes, *iso)) return {};
  return missing("country_iso_not_in_iso3166", "country " + code + " of the tile index is not in the ISO table").with("country_iso", code);
}

// Folders country=XX below the row form of the tile index, by path.
std::vector<fs::path> country_folders(const fs::path& root) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (fs::directory_iterator it(root, error), end; !error && it != end; it.increment(error)) {
    if (it->is_directory(error) && it->path().filename().string().starts_with("country=")) folders.push_back(it->path());
  }
  std::ranges::sort(folders);
  return folders;
}

// One country's rows, read row group by row group into spans and areas.
class RowReader {
 public:
  RowReader(Iso country, const geo::Grid& grid, bool area) : country_(country), grid_(grid), area_(area) {}

  Result<void> read(const table::Dataset& rows) {
    using table::Kind;
    table::Schema columns = {{"country_iso", Kind::text}, {"tile_id", Kind::u64}};
    if (area_) columns.push_back({"pixel_area_m2", Kind::f64});
    const auto text = country_.text();
    for (std::size_t group = 0; group < rows.groups(); ++group) {
      PW_TRY(const auto batch, rows.read(group, columns));
      const auto& codes = batch.text(0);
      const bool pure = std::ranges::all_of(codes.codes, [&](std::uint32_t code) { return codes.dictionary[code] == text; });
      if (!pure) return mixed();
      for (const auto tile : batch.u64(1)) PW_CHECK(add(tile));
      if (!area_) continue;
      for (const double value : batch.f64(2)) runs_.add(value, 1);
    }
    return rows.rows() == 0 ? mixed() : Result<void>();
  }

  Country take() {
    Country out;
    out.iso = country_;
    out.tiles = geo::TileSet(std::move(spans_));
    if (!area_) runs_.add(1.0, out.tiles.size());
    out.components.area.push_back(std::move(runs_));
    return out;
  }

 private:
  Error mixed() const {
    return hygiene("mixed_country_partition", country_, "the tile index of " + country_.text() + " must hold rows of that country only");
  }

  Result<void> add(TileId tile) {
    if (tile == next_ && tile % grid_.columns != 0 && !spans_.empty()) {
      ++spans_.back().length;
    } else {
      if (!spans_.empty() && tile < next_) {
        return hygiene("tile_id_not_sorted", country_,
                       "tile " + std::to_string(tile) + " of " + country_.text() + " does not come after the tile before it");
      }
      if (tile >= static_cast<TileId>(grid_.columns) * grid_.rows) {
        return hygiene("tile_id_outside_grid", country_, "tile " + std::to_string(tile) + " lies outside the raster");
      }
      spans_.push_back({tile, 1});
    }
    next_ = tile + 1;
    return {};
  }

  Iso country_;
  const geo::Grid& grid_;
  bool area_;
  std::vector<geo::Span> spans_;
  Runs runs_;
  TileId next_ = 0;
};

Result<Country> read_rows(const fs::path& folder, const geo::Grid& grid, const std::vector<Iso>& iso_codes, bool area) {
  const auto code = folder.filename().string().substr(std::string_view("country=").size());
  auto rows = table::Dataset::open(folder);
  if (!rows && rows.error().code() == "PW_INPUT") {
    return missing("country_partition_empty", folder.string() + " holds no Parquet file").with("country_iso", code);
  }
  if (!rows) return std::move(rows).error();
  const auto iso = Iso::parse(code);
  if (!iso) PW_CHECK(check_known(code, iso_codes));
  RowReader reader(*iso, grid, area);
  PW_CHECK(reader.read(*rows));
  PW_CHECK(check_known(code, iso_codes));
  auto country = reader.take();
  country.bytes_read = rows->file_bytes();
  return country;
}

Runs areas_of(const geo::TileSet& tiles, const geo::Grid& grid, const std::vector<double>& row_areas) {
  Runs runs;
  for (const auto& span : tiles.spans()) {
    const auto row = grid.row_of(span.first);
    if (!grid.rotated()) {
      runs.add(row_areas[row], span.length);
      continue;
    }
    for (std::uint32_t i = 0; i < span.length; ++i) runs.add(geo::cell_area(grid, row, grid.column_of(span.first) + i), 1);
  }
  return runs;
}

Result<std::vector<Country>> read_spans(const datasets::TileUniverse& published, const std::vector<Iso>& iso_codes, bool area) {
  const auto row_areas = area && !published.grid().rotated() ? geo::row_areas(published.grid()) : std::vector<double>();
  std::vector<Country> countries;
  for (const auto iso : published.countries()) {
    PW_CHECK(check_known(iso.text(), iso_codes));
    Country country;
    country.iso = iso;
    PW_TRY(country.tiles, published.load(iso));
    Runs runs;
    if (area) {
      runs = areas_of(country.tiles, published.grid(), row_areas);
    } else {
      runs.add(1.0, country.tiles.size());
    }
    country.components.area.push_back(std::move(runs));
    countries.push_back(std::move(country));
  }
  return countries;
}

}  // namespace

Result<void> check_published(const store::RunFolder& run) {
  std::error_code error;
  PW_TRY(const auto rows, run.target("tile_index"));
  if (fs::exists(rows, error)) return {};
  if (run.dictionary().find("tile_spans")) {
    PW_TRY(const auto spans, run.target("tile_spans"));
    if (fs::exists(spans, error)) return {};
  }
  return missing("tile_index_path_missing", "S1 has published no tiles at " + rows.string()).with("path", rows.string());
}

Result<Universe> read_universe(Context& context, const std::vector<Iso>& iso_codes, bool area) {
  PW_TRY(const auto published, datasets::TileUniverse::open(context.run));
  Universe universe;
  universe.grid = published.grid();
  if (published.rows_form()) {
    const auto folders = country_folders(published.root());
    universe.countries.resize(folders.size());
    PW_CHECK(work::for_each(context.pool, folders.size(), [&](std::size_t i) -> Result<void> {
      PW_TRY(universe.countries[i], read_rows(folders[i], universe.grid, iso_codes, area));
      return {};
    }));
  } else {
    PW_TRY(universe.countries, read_spans(published, iso_codes, area));
  }
  if (universe.countries.empty()) {
    return missing("tile_index_empty", "the tile index holds no country").with("path", published.root().string());
  }
  for (auto& country : universe.countries) {
    if (country.tiles.empty()) {
      return Error("E103_ZERO_COUNTRY", "country " + country.iso.text() + " has no tiles").with("country_iso", country.iso);
    }
    country.components.tiles = country.tiles.size();
  }
  return universe;
}

}  // namespace placewright::states::s2_weights
