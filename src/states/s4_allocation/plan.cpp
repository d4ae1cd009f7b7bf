#include "states/s4_allocation/plan.hpp"

#include <algorithm>
#include <cmath>
#include <queue>

#include "hash/sha256.hpp"

namespace placewright::states::s4_allocation {
namespace {

__extension__ using Wide = unsigned __int128;
__extension__ using SignedWide = __int128;

}  // namespace

Plan::Plan(const WeightIndex& index, std::int64_t sites, std::int64_t units) : index_(index), sites_(sites) {
  const auto groups = index.groups();
  std::vector<std::uint64_t> residues(groups.size());
  SignedWide given = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Wide product = static_cast<Wide>(static_cast<std::uint64_t>(groups[g].weight)) * static_cast<std::uint64_t>(sites);
    const auto whole = static_cast<std::int64_t>(product / static_cast<std::uint64_t>(units));
    residues[g] = static_cast<std::uint64_t>(product % static_cast<std::uint64_t>(units));
    given += static_cast<SignedWide>(whole) * static_cast<SignedWide>(groups[g].size);
    if (whole > 0) whole_.push_back(whole);  // quotas fall with weight, so these are the first groups
  }
  shortfall_ = given > sites ? -1 : static_cast<std::int64_t>(sites - given);
  if (shortfall_ > 0) rank_residues(residues);
}

void Plan::rank_residues(const std::vector<std::uint64_t>& residues) {
  by_residue_.resize(residues.size());
  for (std::uint32_t g = 0; g < residues.size(); ++g) by_residue_[g] = g;
  std::ranges::sort(by_residue_, [&](std::uint32_t a, std::uint32_t b) {
    return residues[a] != residues[b] ? residues[a] > residues[b] : a < b;
  });
  std::uint64_t first = 0;
  for (std::size_t i = 0; i < by_residue_.size();) {
    Class next{i, i, first};
    const auto residue = residues[by_residue_[i]];
    for (; i < by_residue_.size() && residues[by_residue_[i]] == residue; ++i) first += index_.groups()[by_residue_[i]].size;
    next.end = i;
    classes_.push_back(next);
  }
}

std::uint64_t Plan::window(const contracts::PolicyS4& policy) const {
  const auto& d = policy.diversification;
  const bool eligible = policy.enabled && d.enabled && d.apply_n_sites_max > 0 && sites_ <= d.apply_n_sites_max;
  if (!eligible || shortfall_ <= 0) return 0;
  const auto tiles = static_cast<std::int64_t>(index_.tiles());
  const auto wide = static_cast<std::int64_t>(std::ceil(d.window_fraction * static_cast<double>(tiles)));
  const auto window = std::min(std::max({shortfall_, d.window_min, wide}), tiles);
  return window > shortfall_ ? static_cast<std::uint64_t>(window) : 0;
}

std::vector<Share> Plan::shares(std::uint64_t offset, std::uint64_t window) const {
  std::vector<Rank> bumps;
  if (shortfall_ > 0) {
    const auto end = offset + static_cast<std::uint64_t>(shortfall_);
    ranked(offset, window == 0 ? end : std::min(end, window), bumps);
    if (window > 0 && end > window) ranked(0, end - window, bumps);
    std::ranges::sort(bumps);
  }
  std::vector<Share> out;
  for (std::size_t g = 0; g < whole_.size(); ++g) {
    const auto& group = index_.groups()[g];
    for (std::uint64_t j = 0; j < group.size; ++j) out.push_back({group.first_rank + j, whole_[g]});
  }
  const auto based = out.size();  // ranks 0 .. based - 1
  for (const auto rank : bumps) {
    if (rank < based) {
      ++out[rank].sites;
    } else {
      out.push_back({rank, 1});
    }
  }
  return out;
}

void Plan::ranked(std::uint64_t from, std::uint64_t to, std::vector<Rank>& out) const {
  auto it = std::ranges::upper_bound(classes_, from, {}, &Class::first);
  for (--it; from < to && it != classes_.end(); ++it) {
    const auto end = it + 1 == classes_.end() ? index_.tiles() : (it + 1)->first;
    const auto stop = std::min(to, end);
    if (it->end - it->begin == 1) {
      const auto& group = index_.groups()[by_residue_[it->begin]];
      for (; from < stop; ++from) out.push_back(group.first_rank + (from - it->first));
    } else {
      merged(*it, from - it->first, stop - it->first, out);
      from = stop;
    }
  }
}

// Smallest position below which the class has `count` tiles.
std::uint64_t Plan::position_after(const Class& residue_class, std::uint64_t count) const {
  std::uint64_t low = 0, high = index_.tiles();
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    std::uint64_t tiles = 0;
    for (auto i = residue_class.begin; i < residue_class.end; ++i) tiles += index_.count_below(index_.groups()[by_residue_[i]], middle);
    if (tiles >= count) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

void Plan::merged(const Class& residue_class, std::uint64_t from, std::uint64_t to, std::vector<Rank>& out) const {
  struct Head {
    std::uint64_t position;
    std::size_t group;
    std::uint64_t j;
    bool operator>(const Head& other) const { return position > other.position; }
  };
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
  const auto start = from == 0 ? 0 : position_after(residue_class, from);
  const auto push = [&](std::size_t g, std::uint64_t j) {
    const auto& group = index_.groups()[g];
    if (j < group.size) heads.push({index_.select(group, j), g, j});
  };
  for (auto i = residue_class.begin; i < residue_class.end; ++i) {
    push(by_residue_[i], index_.count_below(index_.groups()[by_residue_[i]], start));
  }
  for (; from < to && !heads.empty(); ++from) {
    const auto head = heads.top();
    heads.pop();
    out.push_back(index_.groups()[head.group].first_rank + head.j);
    push(head.group, head.j + 1);
  }
}

std::uint64_t rotation_hash(const std::string& seed_namespace, MerchantId merchant, Iso country) {
  const auto digest = hash::sha256(seed_namespace + "|" + std::to_string(merchant) + "|" + country.text());
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8 | digest[i];
  return value;
}

}  // namespace placewright::states::s4_allocation
