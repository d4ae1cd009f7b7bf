#include "datasets/tile_rows.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "datasets/schemas.hpp"
#include "geo/area.hpp"

namespace placewright::datasets {
namespace {

namespace fs = std::filesystem;
using table::Counting;
using table::RepeatedNumber;
using table::RepeatedReal;
using table::Runs;
using table::SameText;
using table::Slices;

constexpr std::uint64_t kRowsPerGroup = 1'000'000;

// Tiles next to each other in a raster row.
struct Piece {
  TileId first;
  std::uint32_t row, column, length;
};

std::vector<double> by_row(const geo::Grid& grid, double geo::TileBounds::*value) {
  std::vector<double> values;
  if (grid.rotated()) return values;
  for (std::uint32_t row = 0; row < grid.rows; ++row) values.push_back(geo::tile_bounds(grid, row, 0).*value);
  return values;
}

table::SplitNumbers by_column(const geo::Grid& grid, double geo::TileBounds::*value) {
  std::vector<double> values;
  for (std::uint32_t column = 0; column < grid.columns && !grid.rotated(); ++column)
    values.push_back(geo::tile_bounds(grid, 0, column).*value);
  return table::SplitNumbers(std::move(values));
}

// take(pieces, their rows) for one row group after the other.
template <class Take>
Result<void> each_group(const geo::Grid& grid, const geo::TileSet& tiles, const Take& take) {
  std::vector<Piece> pieces;
  std::uint64_t rows = 0;
  for (const auto& span : tiles.spans()) {
    for (std::uint32_t done = 0; done < span.length;) {
      const auto tile = span.first + done;
      const auto column = grid.column_of(tile);
      const auto length = static_cast<std::uint32_t>(
          std::min<std::uint64_t>(std::min(span.length - done, grid.columns - column), kRowsPerGroup - rows));
      pieces.push_back({tile, grid.row_of(tile), column, length});
      done += length;
      rows += length;
      if (rows < kRowsPerGroup) continue;
      PW_CHECK(take(pieces, rows));
      pieces.clear();
      rows = 0;
    }
  }
  return pieces.empty() ? Result<void>() : take(pieces, rows);
}

// What the runs of a group repeat, count and slice.
struct Columns {
  std::vector<std::uint64_t> tile, row, column;
  std::vector<std::uint32_t> at;  // column again, as a position

  explicit Columns(const std::vector<Piece>& pieces) {
    for (const auto& piece : pieces) {
      tile.push_back(piece.first);
      row.push_back(piece.row);
      column.push_back(piece.column);
      at.push_back(piece.column);
    }
  }
  RepeatedReal of_row(const std::vector<double>& values) const {
    RepeatedReal out;
    for (const auto r : row) out.value.push_back(values[r]);
    return out;
  }
  Slices of_column(const table::SplitNumbers& numbers) const { return {&numbers, at}; }
};

Runs runs_of(const std::vector<Piece>& pieces, std::uint64_t rows) {
  Runs group;
  group.rows = rows;
  for (const auto& piece : pieces) group.lengths.push_back(piece.length);
  return group;
}

// fill(pieces) gives the columns of a row group.
template <class Fill>
Result<std::uint64_t> write_runs(const fs::path& file, const table::Schema& schema, const geo::Grid& grid,
                                 const geo::TileSet& tiles, const Fill& fill) {
  PW_TRY(auto writer, table::RunsWriter::create(file, schema,
                                                {.rows_per_group = kRowsPerGroup, .metadata = {}, .null_columns = {}}));
  PW_CHECK(each_group(grid, tiles, [&](const std::vector<Piece>& pieces, std::uint64_t rows) {
    auto group = runs_of(pieces, rows);
    group.columns = fill(Columns(pieces));
    return writer.write(group);
  }));
  PW_TRY(const auto written, writer.close());
  return written.rows;
}

// The cells of a rotated grid share nothing: numbers(tile's row, column) gives the f64 of a row, `texts` and u64 are as
// in the runs.
template <class Numbers>
Result<std::uint64_t> write_cells(const fs::path& file, const table::Schema& schema, const geo::Grid& grid,
                                  const geo::TileSet& tiles, const std::vector<std::string>& texts,
                                  const Numbers& numbers) {
  PW_TRY(auto writer, table::FileWriter::create(file, schema,
                                                {.rows_per_group = kRowsPerGroup, .metadata = {}, .null_columns = {}}));
  PW_CHECK(each_group(grid, tiles, [&](const std::vector<Piece>& pieces, std::uint64_t rows) {
    table::Batch batch{rows, {}};
    std::size_t text = 0, whole = 0, real = 0;
    for (const auto& field : schema) {
      if (field.kind == table::Kind::text) {
        batch.columns.emplace_back(table::TextColumn::repeated(texts[text++], rows));
      } else if (field.kind == table::Kind::u64) {
        std::vector<std::uint64_t> values;
        for (const auto& piece : pieces) {
          for (std::uint32_t i = 0; i < piece.length; ++i)
            values.push_back(whole == 0 ? piece.first + i : whole == 1 ? piece.row : piece.column + i);
        }
        ++whole;
        batch.columns.emplace_back(std::move(values));
      } else {
        std::vector<double> values;
        for (const auto& piece : pieces) {
          for (std::uint32_t i = 0; i < piece.length; ++i) values.push_back(numbers(piece.row, piece.column + i, real));
        }
        ++real;
        batch.columns.emplace_back(std::move(values));
      }
    }
    return writer.write(batch);
  }));
  PW_TRY(const auto written, writer.close());
  return written.rows;
}

Result<std::uint64_t> all_written(const fs::path& file, const geo::TileSet& tiles, Result<std::uint64_t> rows) {
  if (!rows || *rows == tiles.size()) return rows;
  return Error("PW_DEFECT",
               file.string() + " got " + std::to_string(*rows) + " rows of " + std::to_string(tiles.size()));
}

}  // namespace

TileRows::TileRows(const geo::Grid& grid)
    : grid_(grid),
      min_lat_(by_row(grid, &geo::TileBounds::min_lat)),
      max_lat_(by_row(grid, &geo::TileBounds::max_lat)),
      centroid_lat_(by_row(grid, &geo::TileBounds::centroid_lat)),
      min_lon_(by_column(grid, &geo::TileBounds::min_lon)),
      max_lon_(by_column(grid, &geo::TileBounds::max_lon)),
      centroid_lon_(by_column(grid, &geo::TileBounds::centroid_lon)) {
  if (!grid.rotated()) area_ = geo::row_areas(grid);
}

Result<std::uint64_t> TileRows::write_index(const fs::path& file, Iso country, std::string_view rule,
                                            const geo::TileSet& tiles) const {
  const std::vector<std::string> texts = {country.text(), std::string(rule)};
  if (grid_.rotated()) {
    const auto numbers = [this](std::uint32_t row, std::uint32_t column, std::size_t which) {
      if (which == 2) return geo::cell_area(grid_, row, column);
      const auto b = geo::tile_bounds(grid_, row, column);
      return which == 0 ? b.centroid_lon : b.centroid_lat;
    };
    return all_written(file, tiles, write_cells(file, kTileIndex, grid_, tiles, texts, numbers));
  }
  const auto fill = [&](const Columns& columns) -> std::vector<table::RunColumn> {
    return {SameText{texts[0]},
            Counting{columns.tile},
            RepeatedNumber{columns.row},
            Counting{columns.column},
            columns.of_column(centroid_lon_),
            columns.of_row(centroid_lat_),
            columns.of_row(area_),
            SameText{texts[1]}};
  };
  return all_written(file, tiles, write_runs(file, kTileIndex, grid_, tiles, fill));
}

Result<std::uint64_t> TileRows::write_bounds(const fs::path& file, Iso country, const geo::TileSet& tiles) const {
  if (grid_.rotated()) {
    const auto numbers = [this](std::uint32_t row, std::uint32_t column, std::size_t which) {
      const auto b = geo::tile_bounds(grid_, row, column);
      const std::vector<double> values = {b.min_lat, b.max_lat, b.min_lon, b.max_lon, b.centroid_lat, b.centroid_lon};
      return values[which];
    };
    return all_written(file, tiles, write_cells(file, kTileBounds, grid_, tiles, {country.text()}, numbers));
  }
  const auto fill = [&](const Columns& columns) -> std::vector<table::RunColumn> {
    return {SameText{country.text()},      Counting{columns.tile},          columns.of_row(min_lat_),
            columns.of_row(max_lat_),      columns.of_column(min_lon_),     columns.of_column(max_lon_),
            columns.of_row(centroid_lat_), columns.of_column(centroid_lon_)};
  };
  return all_written(file, tiles, write_runs(file, kTileBounds, grid_, tiles, fill));
}

}  // namespace placewright::datasets
