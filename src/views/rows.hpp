// The rows of tile_index and tile_weights, made from the spans and runs that a run published.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.hpp"
#include "store/run_folder.hpp"
#include "work/pool.hpp"

namespace placewright::views {

// <folder>/country=XX/part-000.parquet with the columns and order of tile_index; the inclusion rule is the predicate of
// the run's S1 report. `folder` must not exist or be empty (PW_OTHER_RUN). Returns the number of rows.
Result<std::uint64_t> export_tiles(const store::RunFolder& run, const std::filesystem::path& folder, work::Pool& pool);

// <folder>/part-XX.parquet with the columns and order of tile_weights.
Result<std::uint64_t> export_weights(const store::RunFolder& run, const std::filesystem::path& folder, work::Pool& pool);

}  // namespace placewright::views
