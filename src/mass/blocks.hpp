// Masses that vary from cell to cell, as S2 publishes them: sums over blocks of cells along a Hilbert curve. The mass
// of a single cell is made again from the sealed raster when it is needed (docs/states/s2.md).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "geo/blocks.hpp"
#include "geo/tile_set.hpp"
#include "mass/law.hpp"
#include "mass/people.hpp"
#include "store/run_folder.hpp"
#include "work/pool.hpp"

namespace placewright::mass {

// The cells of one country inside one block.
struct BlockSum {
  geo::BlockAt at;
  std::uint32_t tiles = 0;
  std::uint64_t area_m2 = 0;
  StretchSums sums;
};

// The sums of a country as they were made, a piece for each raster window it meets; no block is in two pieces.
using BlockSums = std::vector<std::vector<BlockSum>>;

// Sums of every block of every country, by country. The raster is read once, in windows on the pool; sums are integers,
// so neither windows nor threads show. `advance` is called after each window.
Result<std::vector<BlockSums>> sum_blocks(const PeopleRaster& raster, const CellMass& law,
                                          std::span<const geo::TileSet> countries, work::Pool& pool,
                                          const std::function<void()>& advance);
// Windows that sum_blocks reads.
std::vector<CellWindow> sum_windows(const PeopleRaster& raster);

// One row of mass_blocks.
struct MassBlock {
  std::uint64_t index = 0;  // along the curve of the country's BlockFrame
  TileId first_tile = 0;    // north-western cell of the block, whether or not it is the country's
  std::uint32_t tiles = 0;
  std::uint64_t area_m2 = 0;
  People people = 0;
  DensityCode density = 0;  // of the demand around: 3x3 blocks weighted 1 2 1 both ways; balanced: that twice
  LevelMasses mass{};       // sums over the block's cells
  friend bool operator==(const MassBlock&, const MassBlock&) = default;
};

// The rows of a country as columns, as its file has them. All of one length; ascending by index.
struct MassBlocks {
  std::vector<std::uint64_t> index, first_tile;
  std::vector<std::int64_t> tiles, area_m2, people, density;
  std::array<std::vector<std::int64_t>, kLevels> mass;

  std::size_t size() const { return index.size(); }
  void reserve(std::size_t blocks);
  void push_back(const MassBlock& block);
  MassBlock operator[](std::size_t block) const;
  friend bool operator==(const MassBlocks&, const MassBlocks&) = default;
};

// A country without demand under the lifelike law has its areas (m2) as masses.
struct CountryMasses {
  Iso country;
  MassBlocks blocks;
  std::uint64_t people = 0;  // sum, in steps of 2^-20
  bool by_area = false;      // the masses are areas
};
// E105_NORMALIZATION: more people or mass than 63-bit products can carry.
Result<CountryMasses> country_masses(const geo::Grid& grid, const geo::TileSet& tiles, const CellMass& law, Iso country,
                                     const BlockSums& sums);

Result<void> write_masses(const std::filesystem::path& folder, CountryMasses masses);

class MassSource {
 public:
  static bool published(const store::RunFolder& run);
  static Result<MassSource> open(const store::RunFolder& run);
  const std::vector<Iso>& countries() const { return countries_; }  // ascending
  const std::filesystem::path& root() const { return root_; }
  std::uint64_t file_bytes(Iso country) const;
  // E402_MISSING_TILE_WEIGHTS: the country has no file. E414_WEIGHT_TAMPER: rows that break the laws above.
  Result<CountryMasses> load(Iso country) const;

 private:
  std::filesystem::path file_of(Iso country) const;
  std::filesystem::path root_;
  std::vector<Iso> countries_;
};

// The cells of one block, in the curve's order; cells of other countries are left out.
struct BlockCell {
  TileId tile = 0;
  People demand = 0;
  std::uint64_t area_m2 = 0;
};
struct BlockReader {
  const geo::Grid& grid;
  const geo::TileSet& tiles;
  const geo::BlockFrame& frame;
  const CellMass& law;
  const CellAreas& areas;
  bool by_area = false;

  // REQUIRES: the window holds the block.
  std::vector<BlockCell> cells(const MassBlock& block, const CellPeople& people) const;
  std::uint64_t mass(const BlockCell& cell, std::size_t level) const {
    return by_area ? cell.area_m2 : law.at(level, cell.demand, cell.area_m2);
  }
};

}  // namespace placewright::mass
