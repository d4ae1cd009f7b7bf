// Tile sets to tile_spans.
#pragma once

#include <filesystem>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "geo/coverage.hpp"

namespace placewright::states::s1_tiles {

// All countries in one file, ascending by country and tile.
Result<void> write_spans(const std::filesystem::path& file, const std::vector<Iso>& countries,
                         const std::vector<geo::Coverage>& coverages);

}  // namespace placewright::states::s1_tiles
