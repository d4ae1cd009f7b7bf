// Countries that are ready to be allocated to, kept while they fit.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "datasets/tiles.hpp"
#include "datasets/weights.hpp"
#include "states/s4_allocation/index.hpp"
#include "work/pool.hpp"

namespace placewright::states::s4_allocation {

struct CountryIndex {
  geo::TileSet tiles;
  WeightIndex weights;
  std::int64_t dp = 0;
  std::int64_t units = 0;  // 10^dp

  std::uint64_t bytes() const { return weights.bytes() + tiles.spans().size() * (sizeof(geo::Span) + sizeof(std::uint64_t)); }
};

class Countries {
 public:
  Countries(const datasets::TileUniverse& universe, const datasets::WeightSource& weights, std::uint64_t budget_bytes)
      : universe_(universe), weights_(weights), budget_(budget_bytes) {}

  // dp that every country must have: that of the first one asked for.
  Result<void> fix_dp(Iso first);
  // Bytes that `country` takes; before it is loaded for the first time, a generous guess from its files.
  std::uint64_t estimate(Iso country);
  std::uint64_t budget() const { return budget_; }
  // Loads what is not held, on the pool. When the budget is exceeded, countries outside `wanted` are let go first. A country
  // that cannot be loaded leaves its error: E402, E403, E407, E413, E414 (spec S2-S4 §3.3).
  void load(work::Pool& pool, const std::vector<Iso>& wanted);
  // REQUIRES: loaded.
  const Result<CountryIndex>& at(Iso country) const { return *held_.at(country); }

  double load_seconds() const { return load_seconds_; }
  std::uint64_t loads() const { return loads_; }
  std::uint64_t tile_bytes() const { return tile_bytes_; }
  std::uint64_t weight_bytes() const { return weight_bytes_; }

 private:
  Result<CountryIndex> read(Iso country) const;

  const datasets::TileUniverse& universe_;
  const datasets::WeightSource& weights_;
  std::uint64_t budget_;
  std::optional<std::int64_t> dp_;
  std::map<Iso, std::unique_ptr<Result<CountryIndex>>> held_;
  std::map<Iso, std::uint64_t> known_bytes_;
  double load_seconds_ = 0;
  std::uint64_t loads_ = 0, weight_bytes_ = 0, tile_bytes_ = 0;
};

}  // namespace placewright::states::s4_allocation
