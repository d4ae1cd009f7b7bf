// Tiles of a country as rows of tile_index and tile_bounds, made from its spans.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "geo/grid.hpp"
#include "geo/tile_set.hpp"
#include "table/runs.hpp"

namespace placewright::datasets {

// What rows of a grid hold, computed once a raster row and once a column (spec S0-S1 §3.8). Safe to use from many
// threads.
class TileRows {
 public:
  explicit TileRows(const geo::Grid& grid);

  // One file, ascending by tile; at most one row group is in memory. Returns the number of rows.
  Result<std::uint64_t> write_index(const std::filesystem::path& file, Iso country, std::string_view rule,
                                    const geo::TileSet& tiles) const;
  Result<std::uint64_t> write_bounds(const std::filesystem::path& file, Iso country, const geo::TileSet& tiles) const;

 private:
  geo::Grid grid_;
  std::vector<double> min_lat_, max_lat_, centroid_lat_, area_;  // by row; empty when the grid is rotated
  table::SplitNumbers min_lon_, max_lon_, centroid_lon_;         // by column, wrapped; likewise
};

}  // namespace placewright::datasets
