#include "states/s1_tiles/rows.hpp"

#include <algorithm>

#include "datasets/schemas.hpp"
#include "geo/area.hpp"

namespace placewright::states::s1_tiles {
namespace {

constexpr std::size_t kRowsPerGroup = 1'000'000;

// Tiles next to each other in a raster row.
struct Piece {
  TileId first;
  std::uint32_t row, column, length;
};

std::vector<std::uint64_t>& u64(table::Batch& batch, std::size_t i) {
  return std::get<std::vector<std::uint64_t>>(batch.columns[i]);
}
std::vector<double>& f64(table::Batch& batch, std::size_t i) { return std::get<std::vector<double>>(batch.columns[i]); }

void count_up(std::vector<std::uint64_t>& column, std::size_t at, std::uint64_t first, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) column[at + i] = first + i;
}
template <class T>
void repeat(std::vector<T>& column, std::size_t at, T value, std::size_t count) {
  std::fill_n(column.begin() + static_cast<std::ptrdiff_t>(at), count, value);
}
void copy(std::vector<double>& column, std::size_t at, const std::vector<double>& values, std::size_t first,
          std::size_t count) {
  std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(first), count,
              column.begin() + static_cast<std::ptrdiff_t>(at));
}

// Columns of a batch, made once and refilled for each row group.
table::Batch batch_of(const table::Schema& schema, std::size_t rows, std::initializer_list<std::string_view> texts) {
  table::Batch batch{rows, {}};
  auto text = texts.begin();
  for (const auto& field : schema) {
    if (field.kind == table::Kind::text)
      batch.columns.emplace_back(table::TextColumn::repeated(std::string(*text++), rows));
    if (field.kind == table::Kind::u64) batch.columns.emplace_back(std::vector<std::uint64_t>(rows));
    if (field.kind == table::Kind::f64) batch.columns.emplace_back(std::vector<double>(rows));
  }
  return batch;
}

void shorten(table::Batch& batch, std::size_t rows) {
  batch.rows = rows;
  for (auto& column : batch.columns) {
    if (auto* text = std::get_if<table::TextColumn>(&column)) text->codes.resize(rows);
    if (auto* values = std::get_if<std::vector<std::uint64_t>>(&column)) values->resize(rows);
    if (auto* values = std::get_if<std::vector<double>>(&column)) values->resize(rows);
  }
}

// Calls fill(batch, position in the batch, piece) until each row group is full, and writes it.
template <class Fill>
Result<void> write_rows(const std::filesystem::path& file, const table::Schema& schema,
                        std::initializer_list<std::string_view> texts, const geo::Grid& grid, const geo::TileSet& tiles,
                        const Fill& fill) {
  PW_TRY(auto writer, table::FileWriter::create(file, schema,
                                                {.rows_per_group = kRowsPerGroup, .metadata = {}, .null_columns = {}}));
  auto batch = batch_of(schema, static_cast<std::size_t>(std::min<std::uint64_t>(tiles.size(), kRowsPerGroup)), texts);
  std::uint64_t left = tiles.size();
  std::size_t at = 0;
  for (const auto& span : tiles.spans()) {
    const auto row = grid.row_of(span.first), column = grid.column_of(span.first);
    for (std::uint32_t done = 0; done < span.length;) {
      const auto length = static_cast<std::uint32_t>(std::min<std::size_t>(span.length - done, batch.rows - at));
      fill(batch, at, Piece{span.first + done, row, column + done, length});
      done += length;
      at += length;
      if (at < batch.rows) continue;
      PW_CHECK(writer.write(batch));
      left -= at;
      at = 0;
      if (left > 0 && left < batch.rows) shorten(batch, static_cast<std::size_t>(left));
    }
  }
  PW_TRY(const auto written, writer.close());
  if (written.rows == tiles.size()) return {};
  return Error("PW_DEFECT",
               file.string() + " got " + std::to_string(written.rows) + " rows of " + std::to_string(tiles.size()));
}

void fill_index(const Cells& cells, table::Batch& batch, std::size_t at, const Piece& piece) {
  count_up(u64(batch, 1), at, piece.first, piece.length);
  repeat<std::uint64_t>(u64(batch, 2), at, piece.row, piece.length);
  count_up(u64(batch, 3), at, piece.column, piece.length);
  if (!cells.grid.rotated()) {
    copy(f64(batch, 4), at, cells.centroid_lon, piece.column, piece.length);
    repeat(f64(batch, 5), at, cells.centroid_lat[piece.row], piece.length);
    repeat(f64(batch, 6), at, cells.area[piece.row], piece.length);
    return;
  }
  for (std::uint32_t i = 0; i < piece.length; ++i) {
    const auto b = geo::tile_bounds(cells.grid, piece.row, piece.column + i);
    f64(batch, 4)[at + i] = b.centroid_lon;
    f64(batch, 5)[at + i] = b.centroid_lat;
    f64(batch, 6)[at + i] = geo::cell_area(cells.grid, piece.row, piece.column + i);
  }
}

void fill_bounds(const Cells& cells, table::Batch& batch, std::size_t at, const Piece& piece) {
  count_up(u64(batch, 1), at, piece.first, piece.length);
  if (!cells.grid.rotated()) {
    repeat(f64(batch, 2), at, cells.min_lat[piece.row], piece.length);
    repeat(f64(batch, 3), at, cells.max_lat[piece.row], piece.length);
    copy(f64(batch, 4), at, cells.min_lon, piece.column, piece.length);
    copy(f64(batch, 5), at, cells.max_lon, piece.column, piece.length);
    repeat(f64(batch, 6), at, cells.centroid_lat[piece.row], piece.length);
    copy(f64(batch, 7), at, cells.centroid_lon, piece.column, piece.length);
    return;
  }
  for (std::uint32_t i = 0; i < piece.length; ++i) {
    const auto b = geo::tile_bounds(cells.grid, piece.row, piece.column + i);
    std::size_t column = 2;
    for (const double value : {b.min_lat, b.max_lat, b.min_lon, b.max_lon, b.centroid_lat, b.centroid_lon}) {
      f64(batch, column++)[at + i] = value;
    }
  }
}

}  // namespace

Result<void> write_index(const std::filesystem::path& file, const Cells& cells, Iso country, std::string_view rule,
                         const geo::TileSet& tiles) {
  const auto fill = [&](table::Batch& batch, std::size_t at, const Piece& piece) {
    fill_index(cells, batch, at, piece);
  };
  return write_rows(file, datasets::kTileIndex, {country.text(), rule}, cells.grid, tiles, fill);
}

Result<void> write_bounds(const std::filesystem::path& file, const Cells& cells, Iso country,
                          const geo::TileSet& tiles) {
  const auto fill = [&](table::Batch& batch, std::size_t at, const Piece& piece) {
    fill_bounds(cells, batch, at, piece);
  };
  return write_rows(file, datasets::kTileBounds, {country.text()}, cells.grid, tiles, fill);
}

Result<void> write_spans(const std::filesystem::path& file, const std::vector<Iso>& countries,
                         const std::vector<geo::Coverage>& coverages) {
  std::vector<Iso> isos;
  std::vector<std::uint64_t> first;
  std::vector<std::int64_t> length;
  for (std::size_t i = 0; i < countries.size(); ++i) {
    for (const auto& span : coverages[i].tiles.spans()) {
      isos.push_back(countries[i]);
      first.push_back(span.first);
      length.push_back(span.length);
    }
  }
  table::Batch batch{isos.size(), {}};
  batch.columns.emplace_back(table::iso_column(isos));
  batch.columns.emplace_back(std::move(first));
  batch.columns.emplace_back(std::move(length));
  PW_TRY(auto writer, table::FileWriter::create(file, datasets::kTileSpans,
                                                {.rows_per_group = kRowsPerGroup, .metadata = {}, .null_columns = {}}));
  PW_CHECK(writer.write(batch));
  PW_TRY(const auto written, writer.close());
  if (written.rows == batch.rows) return {};
  return Error("PW_DEFECT",
               file.string() + " got " + std::to_string(written.rows) + " rows of " + std::to_string(batch.rows));
}

}  // namespace placewright::states::s1_tiles
