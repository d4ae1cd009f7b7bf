// spatial_pps_v1: each pair's sites by systematic sampling along the country's Hilbert curve (docs/states/s4.md).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "contracts/policy_s2.hpp"
#include "contracts/policy_s4.hpp"
#include "datasets/tiles.hpp"
#include "mass/blocks.hpp"
#include "mass/orientation.hpp"

namespace placewright::mass {

struct PairDemand {
  MerchantId merchant = 0;
  Iso country;
  std::int64_t sites = 0;  // at least 1
};
struct TileSites {
  TileId tile = 0;
  std::int64_t sites = 0;
};

struct SamplerInputs;

// Sites that all pairs of a country together may expect in one block, over all their starts.
struct ExpectedBlock {
  TileId first_tile = 0;  // as in mass_blocks
  double sites = 0;
};

// Some pairs in demand order, each with its tiles ascending. Valid while it is handed over.
struct Sampled {
  std::span<const PairDemand> pairs;
  std::vector<std::span<const TileSites>> rows;  // by pair
};

//  (1) The counts of a pair sum to its demand; each is the floor or the ceiling of demand * mass / sum of masses.
//  (2) A pair's tiles follow from seed, merchant, country, demand, orientation and the country's masses alone
//  (balanced: and from the country's outlets).
class Sampler {
 public:
  // Reads what S1 and S2 published, their policies and the sealed rasters. PW_POLICY: the policies of S2 and S4 speak
  // of different methods.
  static Result<Sampler> open(const store::RunFolder& run);
  ~Sampler();
  Sampler(Sampler&&) noexcept;

  // All pairs in blocks of at most `sites_at_once` sites (a greater pair by itself); the raster is read once a block.
  // E402, E403, E414_WEIGHT_TAMPER when raster and published sums disagree.
  Result<void> sample(std::span<const PairDemand> pairs, std::uint64_t sites_at_once, work::Pool& pool,
                      const std::function<Result<void>(const Sampled&)>& take) const;

  // By country of the pairs, blocks in curve order. For judging a placement, not for making one.
  Result<std::map<Iso, std::vector<ExpectedBlock>>> expected(std::span<const PairDemand> pairs, work::Pool& pool) const;

 private:
  explicit Sampler(std::unique_ptr<SamplerInputs> inputs);
  std::unique_ptr<SamplerInputs> inputs_;
};

}  // namespace placewright::mass
