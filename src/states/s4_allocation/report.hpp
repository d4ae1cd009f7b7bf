// s4_run_report.json (spec S2-S4 §3.10).
#pragma once

#include <vector>

#include "base/json.hpp"
#include "contracts/policy_s4.hpp"
#include "states/context.hpp"
#include "states/s4_allocation/blocks.hpp"
#include "store/publish.hpp"

namespace placewright::states::s4_allocation {

// Figures gathered while blocks pass by; forty bytes for each pair on several tiles, for the quantiles.
class Diagnostics {
 public:
  void add(const PairFigures& figures);
  std::int64_t bumps_total() const { return bumps_; }
  Json json(bool enabled) const;

 private:
  struct Series {
    std::vector<double> top1, hhi;
    std::vector<std::uint32_t> active;
    std::size_t singles = 0;  // pairs on one tile: share, sum of squares and tiles are 1
    void add(const Concentration& c);
  };
  Series before_, after_;
  std::uint64_t guard_touched_ = 0, diversified_ = 0;
  std::int64_t bumps_ = 0, diversified_bumps_ = 0, guard_moves_ = 0, residual_moves_ = 0;
};

// {"p50", "p90", "p99", "mean"}, linear between neighbours; zeros for no values.
Json summary_of(std::vector<double> values);

struct Costs {
  double wall_began = 0, cpu_began = 0;
  double load_seconds = 0, kernel_seconds = 0, write_seconds = 0;
  std::uint64_t blocks = 0, country_loads = 0;
  std::uint64_t requirement_bytes = 0, weight_bytes = 0, tile_bytes = 0;
  std::uint64_t open_files = 0;
  std::string tile_signature, weight_signature;
};

struct Totals {
  std::uint64_t rows = 0, pairs = 0, merchants = 0;
};

Result<Json> run_report(const Context& context, const contracts::PolicyS4& policy, const Totals& totals, const Diagnostics& diagnostics,
                        const store::Published& published, const Costs& costs);

}  // namespace placewright::states::s4_allocation
