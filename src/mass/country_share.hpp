// The pairs of one country among those sampled together: which masses they see, where their points fall.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "datasets/tiles.hpp"
#include "mass/blocks.hpp"
#include "mass/catchment.hpp"
#include "mass/orientation.hpp"
#include "mass/pair_mass.hpp"
#include "mass/sampling.hpp"

namespace placewright::mass {

struct SamplerInputs {
  datasets::TileUniverse tiles;
  MassSource masses;
  PeopleRaster raster;
  contracts::PolicyS2 weights;
  contracts::SpatialPps policy;
  Orientations orientations;
  std::optional<Catchment> catchment;
  CellMass law;
  CellAreas areas;
  hash::Digest master;
};

// One site before its tile is known: unit `unit` of the mass of a block.
struct Hit {
  std::uint32_t pair;   // into the country's pairs
  std::uint32_t block;  // into the country's blocks
  std::uint64_t unit;
};

// The part of a pair-block that lies in one country.
struct CountryShare {
  Iso country;
  std::vector<std::size_t> pairs;    // into the pair-block, ascending
  std::vector<std::uint8_t> levels;  // of their merchants' orientation
  geo::TileSet tiles;
  CountryMasses masses;
  std::vector<DensityCode> codes;
  std::optional<geo::BlockFrame> frame;
  std::vector<Hit> hits;        // ascending by block once sorted
  std::vector<TileId> found;    // tile of each hit
  std::vector<TileSites> rows;  // pair after pair
  std::vector<std::size_t> ends;
};

// Safe to use from many threads, one share each.
class CountrySampler {
 public:
  CountrySampler(const SamplerInputs& inputs, std::span<const PairDemand> pairs,
                 const std::map<Iso, std::int64_t>& outlets)
      : inputs_(inputs), pairs_(pairs), outlets_(outlets) {}

  // Tiles, masses and orientations. E402, E403.
  Result<void> load(CountryShare& share) const;

  // Pairs that see the same masses, by what decides them.
  using Kind = std::pair<std::size_t, int>;  // level, shift
  std::map<Kind, std::vector<std::uint32_t>> kinds_of(const CountryShare& share) const;
  PairMass mass_of(const CountryShare& share, Kind kind) const;
  std::size_t level_of(const CountryShare& share, std::size_t k) const {
    return inputs_.catchment ? share.levels[k] : 0;
  }

  // Hits of all pairs, ascending by block, pair and unit.
  Result<void> sample(CountryShare& share) const;
  // Tiles back to their pairs, ascending and counted.
  Result<void> gather(CountryShare& share) const;

 private:
  Kind kind_of(const CountryShare& share, std::size_t k) const;
  void hit(CountryShare& share, std::uint32_t k, const PairMass& mass) const;

  const SamplerInputs& inputs_;
  std::span<const PairDemand> pairs_;
  const std::map<Iso, std::int64_t>& outlets_;
};

}  // namespace placewright::mass
