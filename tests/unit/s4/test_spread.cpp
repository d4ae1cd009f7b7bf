#include <gtest/gtest.h>

#include <chrono>
#include <numeric>

#include "small_country.hpp"
#include "states/s4_allocation/spread.hpp"

namespace placewright::states::s4_allocation {
namespace {

using Counts = std::vector<std::int64_t>;

// In these examples weights fall from tile to tile, so rank 0 is the first tile.
std::vector<Share> shares_of(const Counts& counts) {
  std::vector<Share> out;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) out.push_back({i, counts[i]});
  }
  return out;
}

struct Case {
  Counts before;
  std::uint64_t tiles;
  Counts after;
  std::int64_t guard, residual;
};

void expect(const Case& c, const contracts::PolicyS4& policy) {
  auto shares = shares_of(c.before);
  const auto sites = std::accumulate(c.before.begin(), c.before.end(), std::int64_t{0});
  const auto moves = spread(shares, c.tiles, sites, policy);
  EXPECT_EQ(shares, shares_of(c.after));
  EXPECT_EQ(moves.guard, c.guard);
  EXPECT_EQ(moves.residual, c.residual);
}

contracts::PolicyS4 guard_only() {
  auto policy = shipped_policy();
  policy.residual.enabled = false;
  return policy;
}

TEST(SoftGuard, HandsUnitsToTheNextTilesInRankOrder) {
  expect({{12, 0, 0, 0, 0, 8}, 20, {4, 4, 4, 0, 0, 4, 4}, 16, 0}, guard_only());
  expect({{7, 3}, 20, {2, 2, 2, 2, 2}, 16, 0}, guard_only());
}

TEST(ResidualSpreading, FollowsTheGuardUntilEnoughTilesAreInUse) {
  expect({{0, 0, 0, 20}, 20, {0, 0, 0, 4, 4, 4, 4, 4}, 37, 0}, guard_only());
  expect({{0, 0, 0, 20}, 20, {1, 1, 0, 3, 3, 4, 4, 4}, 37, 2}, shipped_policy());
}

TEST(SoftGuard, MayOscillateUntilItsMovesAreUsedUp) { expect({{8, 8, 8}, 3, {7, 8, 9}, 2048, 0}, guard_only()); }

TEST(SoftGuard, StopsWhenNoTileMayReceive) { expect({{10, 0}, 2, {5, 5}, 5, 0}, guard_only()); }

TEST(Spread, LeavesAPairAloneThatIsSpreadAlready) { expect({{2, 2, 2, 1}, 4, {2, 2, 2, 1}, 0, 0}, shipped_policy()); }

TEST(Spread, DoesNothingWhenThePolicyIsOff) {
  auto policy = shipped_policy();
  policy.enabled = false;
  expect({{12, 0, 0, 0, 0, 8}, 20, {12, 0, 0, 0, 0, 8}, 0, 0}, policy);
}

TEST(Spread, DoesNotSlowDownWithTilesThatAreFull) {
  auto policy = guard_only();
  policy.soft_guard = policy.hard_guard = 1e-6;  // one site a tile
  policy.reroute.max_moves = 1'000'000;
  constexpr std::int64_t kSites = 500'000;
  std::vector<Share> shares = {{0, kSites}};
  const auto began = std::chrono::steady_clock::now();
  const auto moves = spread(shares, 42'000'000, kSites, policy);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - began;
  EXPECT_EQ(moves.guard, kSites - 1);
  EXPECT_EQ(shares.size(), static_cast<std::size_t>(kSites));
  EXPECT_EQ(shares.back(), (Share{kSites - 1, 1}));
  EXPECT_LT(seconds.count(), 20.0);
}

}  // namespace
}  // namespace placewright::states::s4_allocation
