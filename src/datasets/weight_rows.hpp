// Weights of a country's tiles as rows of tile_weights, made from runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "table/runs.hpp"

namespace placewright::datasets {

// One file; at most one row group is in memory.
class WeightRows {
 public:
  static Result<WeightRows> create(const std::filesystem::path& file, Iso country, std::int64_t dp, std::string basis);

  // Tiles first, first + 1, ... of one weight, after those added before.
  Result<void> add(TileId first, std::uint64_t length, std::int64_t weight);
  Result<std::uint64_t> close();  // number of rows

 private:
  WeightRows(table::RunsWriter writer, Iso country, std::int64_t dp, std::string basis);
  Result<void> flush();

  table::RunsWriter writer_;
  Iso country_;
  std::int64_t dp_;
  std::string basis_;
  std::uint64_t rows_ = 0;  // waiting
  std::vector<std::uint32_t> lengths_;
  std::vector<TileId> tiles_;
  std::vector<std::int64_t> weights_;
};

}  // namespace placewright::datasets
