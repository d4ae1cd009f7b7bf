// The seven gates, their limits and who can move them (spec scoring §3, §6.1).
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "realism/metrics.hpp"

namespace placewright::realism {

// p99/p50 of nearest neighbours in the reference's own baseline run.
constexpr double kBaselineNnRatio = 11.7929786966;

enum class Owner { catalogue, placement, both };
std::string_view name_of(Owner owner);

struct Gate {
  std::string_view name;
  bool at_most;      // else at least
  double b, b_plus;  // limits, inclusive
  Owner owner;
  std::string_view key;  // of the limit in the scorers' files
};
// gini, top10, top5, top1, eligible share, south share, contraction of the neighbour tail.
const std::array<Gate, 7>& gates();

// In the order of gates(): the first six of `metrics`, then (baseline - ratio) / baseline.
std::array<double, 7> observed(const SiteMetrics& metrics, double baseline_ratio);

enum class Level { below_b, b, b_plus };
std::string_view name_of(Level level);  // below_B, B, B_plus

bool passes(const Gate& gate, double value, Level level);
// How far inside (positive) or outside (negative) the limit.
double distance(const Gate& gate, double value, Level level);

}  // namespace placewright::realism
