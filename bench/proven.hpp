// A kernel is checked against its plain form before its clock starts; a wrong answer has no speed.
#pragma once

#include <benchmark/benchmark.h>

namespace placewright::bench {

// False, and the bench is reported as failed, when `right` does not hold.
inline bool proven(benchmark::State& state, bool right, const char* what) {
  if (!right) state.SkipWithError(what);
  return right;
}

inline void count_items(benchmark::State& state, std::size_t items_per_pass) {
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(items_per_pass));
}

}  // namespace placewright::bench
