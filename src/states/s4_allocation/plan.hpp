// What all pairs of one country and one number of sites share: quotas, shortfall, ranking of residues (spec S2-S4 §3.4).
#pragma once

#include <cstdint>
#include <vector>

#include "contracts/policy_s4.hpp"
#include "states/s4_allocation/index.hpp"

namespace placewright::states::s4_allocation {

// Sites on one tile.
struct Share {
  Rank rank = 0;
  std::int64_t sites = 0;
  friend bool operator==(const Share&, const Share&) = default;
};

class Plan {
 public:
  // `units` = 10^dp, the sum of the country's weights. The index must outlive the plan.
  Plan(const WeightIndex& index, std::int64_t sites, std::int64_t units);

  std::int64_t sites() const { return sites_; }
  std::int64_t shortfall() const { return shortfall_; }  // units left after the quotas' whole parts; negative: bad weights
  // Number of ranked tiles among which a diversified pair chooses; 0: the pair takes the first ones.
  std::uint64_t window(const contracts::PolicyS4& policy) const;
  // Quotas' whole parts, one more site for `shortfall` tiles: the ranking's positions offset, offset + 1 ... modulo `window`
  // (a window of 0 does not wrap). Ascending by rank. REQUIRES: shortfall() >= 0.
  std::vector<Share> shares(std::uint64_t offset, std::uint64_t window) const;

 private:
  // Tiles of equal residue: they are ranked by tile, whatever their weights.
  struct Class {
    std::size_t begin = 0, end = 0;  // into by_residue_
    std::uint64_t first = 0;         // ranking position of its first tile
  };
  void rank_residues(const std::vector<std::uint64_t>& residues);
  void ranked(std::uint64_t from, std::uint64_t to, std::vector<Rank>& out) const;
  void merged(const Class& residue_class, std::uint64_t from, std::uint64_t to, std::vector<Rank>& out) const;
  std::uint64_t position_after(const Class& residue_class, std::uint64_t count) const;

  const WeightIndex& index_;
  std::int64_t sites_ = 0;
  std::int64_t shortfall_ = 0;
  std::vector<std::int64_t> whole_;       // by group, until the first 0
  std::vector<std::uint32_t> by_residue_;  // groups, largest residue first
  std::vector<Class> classes_;
};

// Rotation of a diversified pair: the first 8 bytes of SHA-256("namespace|merchant|ISO"), most significant first.
std::uint64_t rotation_hash(const std::string& seed_namespace, MerchantId merchant, Iso country);

}  // namespace placewright::states::s4_allocation
