// Tile weights of a run, published as weight_runs (own runs) or as tile_weights rows.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "geo/tile_set.hpp"
#include "store/run_folder.hpp"

namespace placewright::datasets {

// Equal weights of consecutive positions of the country's tile set.
struct WeightRun {
  std::uint64_t position = 0;
  std::uint64_t length = 0;
  std::int64_t weight = 0;
};
//  Runs are ascending, disjoint and cover positions 0 .. tiles.size()-1.
struct CountryWeights {
  std::int64_t dp = 0;
  std::vector<WeightRun> runs;
};

class WeightSource {
 public:
  static Result<WeightSource> open(const store::RunFolder& run);  // neither form: PW_INPUT
  const std::vector<Iso>& countries() const { return countries_; }
  // Checked against the tile set: E402_MISSING_TILE_WEIGHTS, E407_PK_DUPLICATE, E413_TILE_NOT_IN_INDEX,
  // E414_WEIGHT_TAMPER as spec S2-S4 §3.3 lists them. Safe from many threads.
  Result<CountryWeights> load(Iso country, const geo::TileSet& tiles) const;
  const std::filesystem::path& root() const { return root_; }

 private:
  bool rows_form_ = false;
  std::filesystem::path root_;
  std::vector<Iso> countries_;
};

}  // namespace placewright::datasets
