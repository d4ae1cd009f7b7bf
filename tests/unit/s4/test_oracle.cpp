// The grouped method against the law as it is written: every tile visited, every scan made in full.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "small_country.hpp"

namespace placewright::states::s4_allocation {
namespace {

using Counts = std::vector<std::int64_t>;
const Iso kIso = *Iso::parse("DE");

class SlowPair {
 public:
  SlowPair(const Counts& weights, std::int64_t units, std::int64_t sites, const contracts::PolicyS4& policy)
      : w_(weights), units_(units), n_(sites), policy_(policy), count_(weights.size()) {}

  Counts run(std::uint64_t hash) {
    bump(hash);
    const auto most = *std::ranges::max_element(count_);
    const bool on = policy_.enabled && n_ > 1 && w_.size() > 1;
    const bool guard_on = on && policy_.reroute.enabled && policy_.reroute.max_moves > 0 && policy_.soft_guard < 1.0;
    const bool residual_on =
        on && policy_.residual.enabled && policy_.residual.min_active_fraction > 0 && policy_.residual.max_steps > 0;
    const bool run_guard = guard_on && most > max_soft();
    const bool run_residual =
        residual_on && active() < target() && most > 1 && static_cast<std::int64_t>(w_.size()) > active();
    if (run_guard || run_residual) {
      if (guard_on) guard();
      if (residual_on) residual();
    }
    return count_;
  }
  std::int64_t guard_moves = 0, residual_steps = 0;
  bool diversified = false;

 private:
  std::int64_t ceil_of(double f, std::int64_t n) const {
    return static_cast<std::int64_t>(std::ceil(f * static_cast<double>(n)));
  }
  std::int64_t max_soft() const { return std::max<std::int64_t>(1, ceil_of(policy_.soft_guard, n_)); }
  std::int64_t active() const {
    return std::ranges::count_if(count_, [](auto c) { return c > 0; });
  }
  std::int64_t target() const {
    const auto cap = std::min<std::int64_t>(n_, static_cast<std::int64_t>(w_.size()));
    return std::min(cap, std::max<std::int64_t>(1, ceil_of(policy_.residual.min_active_fraction, cap)));
  }

  void bump(std::uint64_t hash) {
    std::vector<std::int64_t> residue;
    auto left = n_;
    for (std::size_t i = 0; i < w_.size(); ++i) {
      count_[i] = w_[i] * n_ / units_;
      residue.push_back(w_[i] * n_ % units_);
      left -= count_[i];
    }
    std::vector<std::size_t> rank(w_.size());
    std::iota(rank.begin(), rank.end(), std::size_t{0});
    std::ranges::stable_sort(rank, [&](auto a, auto b) { return residue[a] > residue[b]; });
    const auto& d = policy_.diversification;
    const auto tiles = static_cast<std::int64_t>(w_.size());
    std::int64_t offset = 0, window = tiles;
    if (policy_.enabled && d.enabled && d.apply_n_sites_max > 0 && n_ <= d.apply_n_sites_max) {
      const auto wanted = std::min(std::max(std::max(left, d.window_min), ceil_of(d.window_fraction, tiles)), tiles);
      if (wanted > left) {
        window = wanted;
        offset = static_cast<std::int64_t>(hash % static_cast<std::uint64_t>(window));
        diversified = left > 0;
      }
    }
    for (std::int64_t j = 0; j < left; ++j) ++count_[rank[static_cast<std::size_t>((offset + j) % window)]];
  }

  std::vector<std::size_t> by_weight() const {
    std::vector<std::size_t> rank(w_.size());
    std::iota(rank.begin(), rank.end(), std::size_t{0});
    std::ranges::stable_sort(rank, [&](auto a, auto b) { return w_[a] > w_[b]; });
    return rank;
  }

  // Place in `rank` of the tile with the greatest count above `floor`; the first among equals. size(): none.
  std::size_t donor(const std::vector<std::size_t>& rank, std::int64_t floor) const {
    std::size_t best = rank.size();
    for (std::size_t p = 0; p < rank.size(); ++p) {
      if (count_[rank[p]] > floor && (best == rank.size() || count_[rank[p]] > count_[rank[best]])) best = p;
    }
    return best;
  }

  void guard() {
    const auto rank = by_weight();
    const auto max_hard = std::max(max_soft(), ceil_of(policy_.hard_guard, n_));
    while (guard_moves < policy_.reroute.max_moves) {
      const auto p = donor(rank, max_soft());
      if (p == rank.size()) return;
      bool moved = false;
      for (std::size_t step = 1; step <= rank.size() && !moved; ++step) {
        const auto q = (p + step) % rank.size();
        if (q == p || count_[rank[q]] + 1 > max_hard) continue;
        --count_[rank[p]];
        ++count_[rank[q]];
        moved = true;
      }
      if (!moved) return;
      ++guard_moves;
    }
  }

  void residual() {
    const auto rank = by_weight();
    for (; residual_steps < policy_.residual.max_steps && active() < target(); ++residual_steps) {
      const auto p = donor(rank, 1);
      const auto q = std::ranges::find_if(rank, [&](auto i) { return count_[i] == 0; });
      if (p == rank.size() || q == rank.end()) return;
      --count_[rank[p]];
      ++count_[*q];
    }
  }

  const Counts& w_;
  std::int64_t units_, n_;
  const contracts::PolicyS4& policy_;
  Counts count_;
};

// Weights in stretches that sum to `units`, zeros among them.
Counts random_weights(std::mt19937_64& random, std::int64_t units) {
  const auto tiles = 1 + random() % 60;
  std::vector<std::uint64_t> mass;
  while (mass.size() < tiles) {
    const auto value = random() % 4 == 0 ? 0 : random() % (random() % 2 == 0 ? 4 : 1000);
    mass.insert(mass.end(), std::min<std::size_t>(tiles - mass.size(), 1 + random() % 8), value);
  }
  auto total = std::accumulate(mass.begin(), mass.end(), std::uint64_t{0});
  if (total == 0) mass[0] = total = 1;
  Counts weights;
  for (const auto m : mass) weights.push_back(static_cast<std::int64_t>(m * static_cast<std::uint64_t>(units) / total));
  const auto given = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  for (std::int64_t i = 0; i < units - given; ++i) ++weights[random() % tiles];
  return weights;
}

contracts::PolicyS4 random_policy(std::mt19937_64& random) {
  const auto fraction = [&] { return std::max(0.001, static_cast<double>(random() % 1001) / 1000.0); };
  auto policy = shipped_policy();
  policy.enabled = random() % 8 != 0;
  policy.soft_guard = fraction() * (random() % 2 == 0 ? 0.3 : 1.0);
  policy.hard_guard = fraction();
  policy.reroute = {random() % 4 != 0, static_cast<std::int64_t>(random() % (random() % 2 == 0 ? 6 : 300))};
  policy.residual = {random() % 4 != 0, fraction(),
                     static_cast<std::int64_t>(random() % (random() % 2 == 0 ? 5 : 200))};
  policy.diversification = {random() % 4 != 0, static_cast<std::int64_t>(1 + random() % 60), fraction(),
                            static_cast<std::int64_t>(1 + random() % 30)};
  return policy;
}

TEST(GroupedAllocation, EqualsTheSlowLawOnRandomCountriesAndPolicies) {
  std::mt19937_64 random(20260202);
  std::int64_t guarded = 0, spreaded = 0, rotated = 0;
  for (int round = 0; round < 6000; ++round) {
    const auto dp = static_cast<std::int64_t>(1 + random() % 5);
    std::int64_t units = 1;
    for (std::int64_t i = 0; i < dp; ++i) units *= 10;
    const auto weights = random_weights(random, units);
    const auto policy = random_policy(random);
    const auto sites = static_cast<std::int64_t>(1 + random() % (random() % 3 == 0 ? 500 : 40));
    const MerchantId merchant = random();
    SlowPair slow(weights, units, sites, policy);
    const auto want = slow.run(rotation_hash(policy.seed_namespace, merchant, kIso));
    const auto country = small_country(weights, dp, 1000);
    const Plan plan(country.weights, sites, units);
    const auto got = allocate(country, plan, {merchant, kIso, sites}, policy);
    ASSERT_TRUE(got) << got.error().message();
    ASSERT_EQ(dense(country.weights, got->shares), want) << "round " << round;
    ASSERT_EQ(got->figures.moves.guard, slow.guard_moves) << "round " << round;
    ASSERT_EQ(got->figures.moves.residual, slow.residual_steps) << "round " << round;
    ASSERT_EQ(got->figures.diversified, slow.diversified) << "round " << round;
    guarded += slow.guard_moves > 0;
    spreaded += slow.residual_steps > 0;
    rotated += slow.diversified;
  }
  EXPECT_GT(guarded, 500);
  EXPECT_GT(spreaded, 500);
  EXPECT_GT(rotated, 500);
}

}  // namespace
}  // namespace placewright::states::s4_allocation
