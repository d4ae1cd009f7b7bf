#include "realism/gates.hpp"

namespace placewright::realism {

const std::array<Gate, 7>& gates() {
  static constexpr std::array<Gate, 7> kGates = {{
      {"country_gini", true, 0.68, 0.60, Owner::catalogue, "country_gini_max"},
      {"top10_share", true, 0.50, 0.42, Owner::catalogue, "top10_share_max"},
      {"top5_share", true, 0.33, 0.27, Owner::catalogue, "top5_share_max"},
      {"top1_share", true, 0.10, 0.08, Owner::catalogue, "top1_share_max"},
      {"eligible_country_nonzero_share", false, 0.85, 0.92, Owner::catalogue, "eligible_country_nonzero_share_min"},
      {"southern_hemisphere_share", false, 0.12, 0.18, Owner::both, "southern_hemisphere_share_min"},
      {"nn_tail_contraction", false, 0.20, 0.35, Owner::placement, "nn_improvement_min"},
  }};
  return kGates;
}

std::string_view name_of(Owner owner) {
  return owner == Owner::catalogue   ? "catalogue"
         : owner == Owner::placement ? "placement"
                                     : "catalogue, placement a little";
}

std::string_view name_of(Level level) {
  return level == Level::b_plus ? "B_plus" : level == Level::b ? "B" : "below_B";
}

std::array<double, 7> observed(const SiteMetrics& m, double baseline_ratio) {
  const double contraction = baseline_ratio > 0 ? (baseline_ratio - m.nn_ratio) / baseline_ratio : 0;
  return {m.spread.gini, m.spread.top10, m.spread.top5, m.spread.top1, m.eligible_share, m.south_share, contraction};
}

double distance(const Gate& gate, double value, Level level) {
  const double limit = level == Level::b_plus ? gate.b_plus : gate.b;
  return gate.at_most ? limit - value : value - limit;
}

bool passes(const Gate& gate, double value, Level level) {
  const double limit = level == Level::b_plus ? gate.b_plus : gate.b;
  return gate.at_most ? value <= limit : value >= limit;
}

}  // namespace placewright::realism
