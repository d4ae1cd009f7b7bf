// The cells of all countries as one byte mask.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.hpp"
#include "store/run_folder.hpp"
#include "work/pool.hpp"

namespace placewright::views {

// A GeoTIFF on the run's grid: 1 in each tile of a country, 0 elsewhere; squares without a tile take no bytes. `file` must
// not exist (PW_OTHER_RUN). Returns the number of cells that are 1: a tile of two countries counts once.
Result<std::uint64_t> export_mask(const store::RunFolder& run, const std::filesystem::path& file, work::Pool& pool);

}  // namespace placewright::views
