// Tile sets to Parquet: tile_index and tile_bounds row by row, tile_spans span by span.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "states/s1_tiles/cells.hpp"
#include "table/table.hpp"

namespace placewright::states::s1_tiles {

// One country's tiles as one file; columns are filled span by span, at most one row group of rows is in memory.
Result<void> write_index(const std::filesystem::path& file, const Cells& cells, Iso country, std::string_view rule,
                         const geo::TileSet& tiles);
Result<void> write_bounds(const std::filesystem::path& file, const Cells& cells, Iso country,
                          const geo::TileSet& tiles);

// All countries in one file, ascending by country and tile.
Result<void> write_spans(const std::filesystem::path& file, const std::vector<Iso>& countries,
                         const std::vector<geo::Coverage>& coverages);

}  // namespace placewright::states::s1_tiles
