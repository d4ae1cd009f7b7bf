// What S1 says about itself: audit lines and s1_run_report (spec S0-S1 §3.9, §3.10).
#pragma once

#include "states/s1_tiles/inputs.hpp"
#include "store/publish.hpp"

namespace placewright::states::s1_tiles {

struct Totals {
  std::uint64_t included = 0;
  std::uint64_t visited = 0;
  std::size_t without_tiles = 0;  // countries
};
Totals totals_of(const std::vector<geo::Coverage>& coverages);

// One AUDIT_S1_COUNTRY line a country, in code order; and one that says how many have no tile.
void log_audit(report::Log& log, const std::vector<Iso>& countries, const std::vector<geo::Coverage>& coverages);

struct Measured {
  double wall_seconds = 0;
  double cpu_seconds = 0;
};
// `dataset` is the one whose partition is `published`: its path is printed as the dictionary has it, relative.
Result<Json> run_report(const Context& context, const Inputs& inputs, const std::vector<geo::Coverage>& coverages,
                        std::string_view dataset, const store::Published& published, const Measured& measured);

}  // namespace placewright::states::s1_tiles
