#include "states/s4_allocation/spread.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <queue>
#include <unordered_map>

namespace placewright::states::s4_allocation {
namespace {

std::int64_t ceil_of(double fraction, std::int64_t count) {
  return static_cast<std::int64_t>(std::ceil(fraction * static_cast<double>(count)));
}

// The numbers of a policy that matter for one pair.
struct Limits {
  bool guard = false, residual = false;  // switched on and able to act
  std::int64_t max_soft = 0, max_hard = 0, max_moves = 0;
  std::int64_t target = 0, max_steps = 0;  // tiles in use aimed at

  Limits(const contracts::PolicyS4& policy, std::uint64_t tiles, std::int64_t sites) {
    const bool on = policy.enabled && sites > 1 && tiles > 1;
    guard = on && policy.reroute.enabled && policy.reroute.max_moves > 0 && policy.soft_guard < 1.0;
    residual = on && policy.residual.enabled && policy.residual.min_active_fraction > 0 && policy.residual.max_steps > 0;
    max_soft = std::max<std::int64_t>(1, ceil_of(policy.soft_guard, sites));
    max_hard = std::max(max_soft, ceil_of(policy.hard_guard, sites));
    max_moves = policy.reroute.max_moves;
    const auto cap = std::min(sites, static_cast<std::int64_t>(tiles));
    target = std::min(cap, std::max<std::int64_t>(1, ceil_of(policy.residual.min_active_fraction, cap)));
    max_steps = policy.residual.max_steps;
  }
};

// Ranks as maximal intervals [first, last], so that a search past them is one step.
class RankSet {
 public:
  void insert(Rank rank) {
    auto after = intervals_.upper_bound(rank);
    Rank first = rank, last = rank;
    if (after != intervals_.begin()) {
      const auto before = std::prev(after);
      if (before->second >= rank) return;
      if (before->second + 1 == rank) {
        first = before->first;
        intervals_.erase(before);
      }
    }
    if (after != intervals_.end() && after->first == rank + 1) {
      last = after->second;
      intervals_.erase(after);
    }
    intervals_[first] = last;
  }
  void erase(Rank rank) {
    auto after = intervals_.upper_bound(rank);
    if (after == intervals_.begin()) return;
    const auto at = std::prev(after);
    const auto [first, last] = *at;
    if (last < rank) return;
    intervals_.erase(at);
    if (first < rank) intervals_[first] = rank - 1;
    if (rank < last) intervals_[rank + 1] = last;
  }
  // Smallest rank >= `from` that is not in the set.
  Rank next_outside(Rank from) const {
    const auto after = intervals_.upper_bound(from);
    if (after == intervals_.begin()) return from;
    const auto at = std::prev(after);
    return at->second >= from ? at->second + 1 : from;
  }

 private:
  std::map<Rank, Rank> intervals_;
};

class Spreading {
 public:
  Spreading(const std::vector<Share>& shares, std::uint64_t tiles, const Limits& limits) : tiles_(tiles), limits_(limits) {
    sites_.reserve(shares.size() * 2);
    for (const auto& share : shares) sites_.emplace(share.rank, share.sites);
  }

  std::int64_t guard() {
    for (const auto& [rank, sites] : sites_) {
      if (sites > limits_.max_soft) donors_.push({sites, rank});
      if (sites >= limits_.max_hard) full_.insert(rank);
    }
    std::int64_t moves = 0;
    while (moves < limits_.max_moves && find_donor()) {
      const auto donor = donors_.top().rank;
      const auto receiver = next_receiver(donor);
      if (receiver == tiles_) break;
      donors_.pop();
      give(donor, -1);
      give(receiver, +1);
      ++moves;
    }
    return moves;
  }

  std::int64_t residual() {
    Donors donors;
    for (const auto& [rank, sites] : sites_) {
      if (sites > 1) donors.push({sites, rank});
    }
    Rank receiver = 0;  // tiles in use stay in use, so the search never turns back
    std::int64_t steps = 0;
    while (steps < limits_.max_steps && static_cast<std::int64_t>(sites_.size()) < limits_.target && !donors.empty()) {
      while (receiver < tiles_ && sites_.contains(receiver)) ++receiver;
      if (receiver == tiles_) break;
      auto donor = donors.top();
      donors.pop();
      sites_[donor.rank] = --donor.sites;
      if (donor.sites > 1) donors.push(donor);
      sites_.emplace(receiver, 1);
      ++steps;
    }
    return steps;
  }

  std::vector<Share> shares() const {
    std::vector<Share> out;
    out.reserve(sites_.size());
    for (const auto& [rank, sites] : sites_) out.push_back({rank, sites});
    std::ranges::sort(out, {}, &Share::rank);
    return out;
  }

 private:
  struct Donor {
    std::int64_t sites;
    Rank rank;
    // Most sites first, then the heaviest tile.
    bool operator<(const Donor& other) const { return sites != other.sites ? sites < other.sites : rank > other.rank; }
  };
  using Donors = std::priority_queue<Donor>;

  // Drops entries that later moves made stale; true when a donor stands on top.
  bool find_donor() {
    while (!donors_.empty() && sites_[donors_.top().rank] != donors_.top().sites) donors_.pop();
    return !donors_.empty();
  }

  // The next tile in circular rank order that may still take a site; tiles_ when there is none.
  Rank next_receiver(Rank donor) const {
    const auto ahead = full_.next_outside(donor + 1);
    if (ahead < tiles_) return ahead;
    const auto wrapped = full_.next_outside(0);
    return wrapped < donor ? wrapped : tiles_;
  }

  void give(Rank rank, std::int64_t sites) {
    const auto now = sites_[rank] += sites;
    if (now > limits_.max_soft) donors_.push({now, rank});
    if (now >= limits_.max_hard) {
      full_.insert(rank);
    } else {
      full_.erase(rank);
    }
  }

  std::uint64_t tiles_;
  const Limits& limits_;
  std::unordered_map<Rank, std::int64_t> sites_;  // tiles in use
  Donors donors_;
  RankSet full_;
};

}  // namespace

Moves spread(std::vector<Share>& shares, std::uint64_t tiles, std::int64_t sites, const contracts::PolicyS4& policy) {
  const Limits limits(policy, tiles, sites);
  const auto most = std::ranges::max_element(shares, {}, &Share::sites)->sites;
  const auto active = static_cast<std::int64_t>(shares.size());
  const bool over_guard = limits.guard && most > limits.max_soft;
  const bool too_few = limits.residual && active < limits.target && most > 1 && tiles > shares.size();
  if (!over_guard && !too_few) return {};
  Spreading spreading(shares, tiles, limits);
  Moves moves;
  if (limits.guard) moves.guard = spreading.guard();
  if (limits.residual) moves.residual = spreading.residual();
  shares = spreading.shares();
  return moves;
}

}  // namespace placewright::states::s4_allocation
