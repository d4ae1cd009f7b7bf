// Tile weights of a run, published as weight_runs (own runs) or as tile_weights rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
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
  friend bool operator==(const WeightRun&, const WeightRun&) = default;
};
//  Runs are ascending, disjoint and cover positions 0 .. tiles.size()-1; neighbours differ in weight. Weights are >= 0
//  and sum to 10^dp.
struct CountryWeights {
  std::int64_t dp = 0;
  std::vector<WeightRun> runs;
};

// Lines published weights up with the tiles they belong to. Add them in stored order. While tiles rise, nothing but the
// result is held; once out_of_order() is true the answer needs a second pass with Order::any, which gathers and sorts.
// The checks are made by finish(), in the order of spec S2-S4 §3.3.
class WeightAligner {
 public:
  enum class Order { ascending, any };
  WeightAligner(Iso country, const geo::TileSet& tiles, Order order) : country_(country), tiles_(tiles), order_(order) {}

  bool out_of_order() const { return out_of_order_; }

  // Weight of tiles first .. first + length - 1; length >= 1.
  void add(TileId first, std::uint64_t length, std::int64_t weight);
  void dp(std::int64_t value);  // of every row or stretch of rows
  // E403_ZERO_TILE_UNIVERSE, E402_MISSING_TILE_WEIGHTS, E414_WEIGHT_TAMPER, E407_PK_DUPLICATE, E413_TILE_NOT_IN_INDEX.
  Result<CountryWeights> finish();

 private:
  struct Stored {
    TileId first;
    std::uint64_t length;
    std::int64_t weight;
  };
  void align(const Stored& stored);
  void put(std::uint64_t position, std::uint64_t length, std::int64_t weight);
  Result<void> check_dp() const;
  Result<void> check_sum() const;
  Error fault(const char* code, const char* detail, const std::string& what) const;

  Iso country_;
  const geo::TileSet& tiles_;
  Order order_;
  std::vector<Stored> stored_;  // Order::ascending: the last stretch only, which may still grow
  bool any_ = false;
  bool out_of_order_ = false;
  std::int64_t dp_ = 0;
  bool dp_seen_ = false, dp_differs_ = false;
  CountryWeights out_;
  std::size_t span_ = 0;      // cursor: first span that does not end before the last aligned tile
  std::uint64_t covered_ = 0;
  std::uint64_t extra_ = 0, twice_ = 0;
  TileId next_ = 0;           // one past the last tile aligned
};

class WeightSource {
 public:
  // Span form when it is published, else row form; neither: PW_INPUT naming both. A row file whose path does not tell its
  // country is PW_INPUT.
  static Result<WeightSource> open(const store::RunFolder& run);
  const std::vector<Iso>& countries() const { return countries_; }  // ascending; found by file names
  // Checked against the tile set as WeightAligner says. Safe from many threads.
  Result<CountryWeights> load(Iso country, const geo::TileSet& tiles) const;
  std::uint64_t file_bytes(Iso country) const;
  const std::filesystem::path& root() const { return root_; }
  bool rows_form() const { return rows_form_; }

 private:
  Result<void> add_to(WeightAligner& aligner, const std::filesystem::path& file) const;

  bool rows_form_ = false;
  std::filesystem::path root_;
  std::vector<Iso> countries_;
  std::map<Iso, std::vector<std::filesystem::path>> files_;
};

}  // namespace placewright::datasets
