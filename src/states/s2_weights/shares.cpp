#include "states/s2_weights/shares.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "states/s2_weights/pairwise.hpp"

namespace placewright::states::s2_weights {
namespace {

using Indexes = std::vector<std::size_t>;

std::vector<double> picked(const std::vector<double>& values, const Indexes& at) {
  std::vector<double> out;
  for (const auto i : at) out.push_back(values[i]);
  return out;
}

// values[at] += amount * share of each among them; a negative amount takes away.
void spread(std::vector<double>& values, const Indexes& at, double amount) {
  const auto parts = safe_normalize(picked(values, at));
  for (std::size_t k = 0; k < at.size(); ++k) values[at[k]] += amount * parts[k];
}

void raise_floors(std::vector<double>& s, std::span<const std::string_view> regions, const contracts::Blend& blend) {
  for (std::size_t r = 0; r < contracts::kMacroRegions.size(); ++r) {
    Indexes members, donors;
    for (std::size_t i = 0; i < s.size(); ++i) (regions[i] == contracts::kMacroRegions[r] ? members : donors).push_back(i);
    const double floor = blend.floors[r];
    if (members.empty() || floor <= 0) continue;
    const double current = pairwise_sum(picked(s, members));
    if (current + 1e-15 >= floor) continue;
    const double gap = floor - current;
    if (donors.empty()) continue;
    const double total = pairwise_sum(picked(s, donors));
    if (total <= 0) continue;
    for (const auto i : donors) s[i] -= gap * (s[i] / total);
    spread(s, members, gap);
  }
}

std::vector<double> room_below(const std::vector<double>& s, double cap) {
  std::vector<double> room;
  for (const double value : s) room.push_back(std::max(cap - value, 0.0));
  return room;
}

void cap_countries(std::vector<double>& s, const contracts::Blend& blend) {
  std::vector<double> excess;
  for (const double value : s) excess.push_back(std::max(value - blend.cap_hard, 0.0));
  const double total = pairwise_sum(excess);
  if (!(total > 0)) return;
  for (std::size_t i = 0; i < s.size(); ++i) s[i] -= excess[i];
  auto room = room_below(s, blend.cap_soft);
  if (pairwise_sum(room) <= 0) room = room_below(s, blend.cap_hard);
  if (pairwise_sum(room) <= 0) std::ranges::fill(room, 1.0);
  const auto parts = safe_normalize(std::move(room));
  for (std::size_t i = 0; i < s.size(); ++i) s[i] += total * parts[i];
}

Indexes by_share(const std::vector<double>& s) {
  Indexes order(s.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return s[a] > s[b]; });
  return order;
}

std::size_t top_count(double fraction, std::size_t n) {
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(fraction * static_cast<double>(n))));
}

void lower_tops(std::vector<double>& s, const contracts::Blend& blend) {
  const std::pair<double, double> targets[] = {{blend.top1, 0.01}, {blend.top5, 0.05}, {blend.top10, 0.10}};
  auto order = by_share(s);
  for (const auto& [target, fraction] : targets) {
    const auto k = static_cast<std::ptrdiff_t>(top_count(fraction, s.size()));
    const Indexes top(order.begin(), order.begin() + k), tail(order.begin() + k, order.end());
    const double total = pairwise_sum(picked(s, top));
    if (total <= target) continue;
    const double surplus = total - target;
    spread(s, top, -surplus);
    if (tail.empty()) {
      spread(s, top, surplus);
      continue;
    }
    spread(s, tail, surplus);
    order = by_share(s);
  }
}

}  // namespace

std::vector<double> safe_normalize(std::vector<double> values) {
  const double total = pairwise_sum(values);
  const bool usable = std::isfinite(total) && total > 0;
  const auto n = static_cast<double>(values.size());
  for (auto& value : values) value = usable ? value / total : 1.0 / n;
  return values;
}

Balance rebalance(const std::vector<double>& base, std::span<const std::string_view> regions, const contracts::Blend& blend) {
  Balance out;
  out.shares = safe_normalize(base);
  if (!blend.enabled) return out;
  auto& s = out.shares;
  out.converged = false;
  while (out.iterations < blend.max_iterations && !out.converged) {
    ++out.iterations;
    const auto before = s;
    raise_floors(s, regions, blend);
    cap_countries(s, blend);
    lower_tops(s, blend);
    if (blend.penalty > 0) {
      const double equal = 1.0 / static_cast<double>(s.size());
      for (auto& value : s) value = (1.0 - blend.penalty) * value + blend.penalty * equal;
    }
    for (auto& value : s) value = std::max(value, 1e-18);
    s = safe_normalize(std::move(s));
    out.max_abs_delta = 0;
    for (std::size_t i = 0; i < s.size(); ++i) out.max_abs_delta = std::max(out.max_abs_delta, std::fabs(s[i] - before[i]));
    out.converged = out.max_abs_delta <= blend.tolerance;
  }
  return out;
}

double gini(std::vector<double> values) {
  std::ranges::sort(values);
  const double total = pairwise_sum(values);
  if (values.empty() || total <= 0) return 0.0;
  const auto n = static_cast<double>(values.size());
  double weighted = 0;
  for (std::size_t i = 0; i < values.size(); ++i) weighted += (2.0 * static_cast<double>(i + 1) - n - 1.0) * values[i];
  return weighted / (n * total);
}

double top_fraction_share(std::vector<double> values, double fraction) {
  if (values.empty()) return 0.0;
  std::ranges::sort(values, std::ranges::greater{});
  const double total = pairwise_sum(values);
  if (total <= 0) return 0.0;
  const auto k = std::min(top_count(fraction, values.size()), values.size());
  return pairwise_sum(std::span(values).first(k)) / total;
}

}  // namespace placewright::states::s2_weights
