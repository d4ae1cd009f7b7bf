// Allocation of blocks of pairs: grouped by country inside a block, answered in requirement order.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "contracts/policy_s4.hpp"
#include "states/s4_allocation/countries.hpp"
#include "states/s4_allocation/demand.hpp"
#include "states/s4_allocation/spread.hpp"

namespace placewright::states::s4_allocation {

using mass::TileSites;

// How concentrated a pair is.
struct Concentration {
  double top1 = 0;           // largest share on one tile
  double hhi = 0;            // sum of squared shares
  std::uint32_t active = 0;  // tiles in use
};
// Of a pair's tiles, each with its `sites`; together `total`.
template <class Tiles>
Concentration concentration(const Tiles& tiles, std::int64_t total) {
  Concentration out;
  out.active = static_cast<std::uint32_t>(tiles.size());
  for (const auto& tile : tiles) {
    const double part = static_cast<double>(tile.sites) / static_cast<double>(total);
    out.top1 = std::max(out.top1, part);
    out.hhi += part * part;
  }
  return out;
}

struct PairFigures {
  Concentration before, after;  // guard and residual spreading
  std::int64_t shortfall = 0;
  Moves moves;
  bool diversified = false;
};

// One pair's sites on tiles, ascending by tile. E404_ALLOCATION_MISMATCH, E412_ZERO_ROW_EMITTED.
struct PairAllocation {
  std::vector<Share> shares;
  PairFigures figures;
};
Result<PairAllocation> allocate(const CountryIndex& country, const Plan& plan, const Requirement& pair,
                                const contracts::PolicyS4& policy);

// One block in requirement order.
struct BlockAnswer {
  std::span<const Requirement> pairs;
  std::vector<std::span<const TileSites>> rows;  // by pair
  std::vector<PairFigures> figures;
};
using TakeBlock = std::function<Result<void>(const BlockAnswer&)>;

// All pairs, in blocks of about a million sites, so that memory does not grow with the catalogue. The error returned is
// the one of the first pair in requirement order that has one; blocks before it have been taken.
Result<void> allocate_all(std::span<const Requirement> pairs, Countries& countries, const contracts::PolicyS4& policy,
                          work::Pool& pool, const TakeBlock& take);

}  // namespace placewright::states::s4_allocation
