#include "states/s4_allocation/index.hpp"

#include <algorithm>

namespace placewright::states::s4_allocation {
namespace {

std::vector<std::int64_t> distinct_weights(const std::vector<datasets::WeightRun>& runs) {
  std::vector<std::int64_t> weights;
  weights.reserve(runs.size());
  for (const auto& run : runs) weights.push_back(run.weight);
  std::ranges::sort(weights, std::ranges::greater{});
  weights.erase(std::unique(weights.begin(), weights.end()), weights.end());
  return weights;
}

}  // namespace

WeightIndex::WeightIndex(const datasets::CountryWeights& weights) {
  const auto distinct = distinct_weights(weights.runs);
  groups_.resize(distinct.size());
  const auto group_of = [&](std::int64_t weight) {
    return static_cast<std::size_t>(std::ranges::lower_bound(distinct, weight, std::ranges::greater{}) - distinct.begin());
  };
  std::vector<std::uint32_t> groups_of_runs;  // a search among millions of weights is made once
  groups_of_runs.reserve(weights.runs.size());
  for (const auto& run : weights.runs) {
    groups_of_runs.push_back(static_cast<std::uint32_t>(group_of(run.weight)));
    auto& group = groups_[groups_of_runs.back()];
    group.size += static_cast<std::uint32_t>(run.length);
    ++group.runs_end;  // a count, until the groups are laid out
  }
  std::uint32_t runs = 0, prefixes = 0;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    auto& group = groups_[g];
    const auto count = group.runs_end;
    group.weight = distinct[g];
    group.first_rank = static_cast<std::uint32_t>(tiles_);
    group.singles = group.size == count;
    group.runs_begin = group.runs_end = runs;
    group.before_begin = prefixes;
    tiles_ += group.size;
    runs += count;
    prefixes += group.singles ? 0 : count;
  }
  starts_.resize(runs);
  before_.resize(prefixes);
  std::vector<std::uint32_t> filled(groups_.size());
  for (std::size_t i = 0; i < weights.runs.size(); ++i) {
    const auto& run = weights.runs[i];
    const auto g = groups_of_runs[i];
    auto& group = groups_[g];
    if (!group.singles) before_[group.before_begin + (group.runs_end - group.runs_begin)] = filled[g];
    filled[g] += static_cast<std::uint32_t>(run.length);
    starts_[group.runs_end++] = static_cast<std::uint32_t>(run.position);
  }
}

std::uint64_t WeightIndex::select(const WeightGroup& group, std::uint64_t j) const {
  if (group.singles) return starts_[group.runs_begin + j];
  const auto* first = before_.data() + group.before_begin;
  const auto* end = first + (group.runs_end - group.runs_begin);
  const auto run = static_cast<std::size_t>(std::upper_bound(first, end, j) - first) - 1;
  return starts_[group.runs_begin + run] + (j - first[run]);
}

std::uint64_t WeightIndex::count_below(const WeightGroup& group, std::uint64_t position) const {
  const auto* first = starts_.data() + group.runs_begin;
  const auto* end = starts_.data() + group.runs_end;
  const auto runs = static_cast<std::size_t>(std::lower_bound(first, end, position) - first);
  if (runs == 0 || group.singles) return runs;
  const auto* before = before_.data() + group.before_begin;
  const std::uint64_t whole = runs < group.runs_end - group.runs_begin ? before[runs] : group.size;
  return std::min<std::uint64_t>(whole, before[runs - 1] + (position - first[runs - 1]));
}

std::uint64_t WeightIndex::position_of(Rank rank) const {
  const auto after = std::ranges::upper_bound(groups_, rank, {}, &WeightGroup::first_rank);
  const auto& group = *(after - 1);
  return select(group, rank - group.first_rank);
}

std::uint64_t WeightIndex::bytes() const {
  return groups_.capacity() * sizeof(WeightGroup) + (starts_.capacity() + before_.capacity()) * sizeof(std::uint32_t);
}

}  // namespace placewright::states::s4_allocation
