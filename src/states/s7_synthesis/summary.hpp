// s7_run_summary.json (spec S7-S9 §1.7).
#pragma once

#include <deque>
#include <map>

#include "base/json.hpp"
#include "states/context.hpp"
#include "states/s7_synthesis/inputs.hpp"

namespace placewright::states::s7_synthesis {

// What the reference's bounds cache of six countries would have counted: the summary publishes it, and it depends on
// the order of countries alone.
class CacheCount {
 public:
  void visit(Iso country);
  Json json() const;

 private:
  static constexpr std::size_t kCountries = 6;
  std::deque<Iso> recent_;  // latest first
  std::uint64_t hits_ = 0, misses_ = 0, evictions_ = 0;
};

struct Counts {
  std::uint64_t sites = 0;
  std::map<Iso, std::uint64_t> by_country;
  CacheCount cache;
};

struct Timing {
  double wall_seconds = 0, cpu_seconds = 0;
};

Result<Json> summary(const Context& context, const Inputs& inputs, const Counts& counts, const Timing& timing);

}  // namespace placewright::states::s7_synthesis
