// A country from a list of weights, one a tile.
#pragma once

#include <cstdint>
#include <vector>

#include "states/s4_allocation/blocks.hpp"

namespace placewright::states::s4_allocation {

inline datasets::CountryWeights weights_of(const std::vector<std::int64_t>& weights, std::int64_t dp) {
  datasets::CountryWeights out;
  out.dp = dp;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!out.runs.empty() && out.runs.back().weight == weights[i]) {
      ++out.runs.back().length;
    } else {
      out.runs.push_back({i, 1, weights[i]});
    }
  }
  return out;
}

// Tile ids first_id, first_id + 1, ...
inline CountryIndex small_country(const std::vector<std::int64_t>& weights, std::int64_t dp, TileId first_id) {
  CountryIndex out;
  out.tiles = geo::TileSet({{first_id, static_cast<std::uint32_t>(weights.size())}});
  out.weights = WeightIndex(weights_of(weights, dp));
  out.dp = dp;
  out.units = 1;
  for (std::int64_t i = 0; i < dp; ++i) out.units *= 10;
  return out;
}

// Sites by tile position, zeros included.
inline std::vector<std::int64_t> dense(const WeightIndex& index, const std::vector<Share>& shares) {
  std::vector<std::int64_t> out(index.tiles());
  for (const auto& share : shares) out[index.position_of(share.rank)] = share.sites;
  return out;
}

// The policy that the reference engine ships.
inline contracts::PolicyS4 shipped_policy() {
  contracts::PolicyS4 policy;
  policy.enabled = true;
  policy.soft_guard = 0.20;
  policy.hard_guard = 0.45;
  policy.reroute = {true, 2048};
  policy.residual = {true, 0.35, 1024};
  policy.diversification = {true, 24, 0.35, 24};
  policy.seed_namespace = "1B.S4.ANTI_COLLAPSE_V1";
  return policy;
}

}  // namespace placewright::states::s4_allocation
