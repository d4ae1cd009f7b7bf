#include "states/s2_weights/report.hpp"

#include "report/log.hpp"
#include "states/s2_weights/pairwise.hpp"
#include "states/s2_weights/shares.hpp"

namespace placewright::states::s2_weights {
namespace {

using contracts::kMacroRegions;

// Shares of the countries by the masses the policy mixes, before any rebalance.
std::vector<double> base_shares(const contracts::PolicyS2& policy, const std::vector<Outcome>& countries) {
  std::vector<double> tiles, area, people;
  for (const auto& country : countries) {
    tiles.push_back(static_cast<double>(country.tiles));
    area.push_back(country.area);
    people.push_back(country.people);
  }
  tiles = safe_normalize(std::move(tiles));
  area = safe_normalize(std::move(area));
  people = safe_normalize(std::move(people));
  if (!policy.blend.enabled) {
    return policy.basis == contracts::Basis::uniform ? tiles : policy.basis == contracts::Basis::area_m2 ? area : people;
  }
  std::vector<double> shares;
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    shares.push_back((policy.blend.uniform * tiles[i] + policy.blend.area_m2 * area[i]) + policy.blend.population * people[i]);
  }
  return shares;
}

Json topk(const std::vector<double>& shares) {
  return {{"top1", top_fraction_share(shares, 0.01)}, {"top5", top_fraction_share(shares, 0.05)}, {"top10", top_fraction_share(shares, 0.10)}};
}

Json region_vector(const std::vector<double>& shares, const std::vector<std::string_view>& regions) {
  Json out = Json::object();
  for (const auto region : kMacroRegions) {
    std::vector<double> members;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (regions[i] == region) members.push_back(shares[i]);
    }
    out[std::string(region)] = pairwise_sum(members);
  }
  return out;
}

Json diagnostics(const contracts::Blend& blend, const Balance& balance) {
  Json floors = Json::object();
  for (std::size_t i = 0; i < kMacroRegions.size(); ++i) floors[std::string(kMacroRegions[i])] = blend.floors[i];
  return {{"seed_namespace", blend.seed_namespace},
          {"country_cap_share_soft", blend.cap_soft},
          {"country_cap_share_hard", blend.cap_hard},
          {"topk_cap_targets", {{"top1", blend.top1}, {"top5", blend.top5}, {"top10", blend.top10}}},
          {"region_floor_share", floors},
          {"concentration_penalty_strength", blend.penalty},
          {"max_rebalance_iterations", blend.max_iterations},
          {"convergence_tolerance", blend.tolerance},
          {"convergence",
           {{"iterations", balance.iterations}, {"converged", balance.converged}, {"max_abs_delta", balance.max_abs_delta}}}};
}

Json summary(const Outcome& country) {
  return {{"country_iso", country.iso.text()},
          {"macro_region", country.region},
          {"tiles", country.tiles},
          {"mass_sum", country.weighing.mass_sum},
          {"component_mass_tiles", static_cast<double>(country.tiles)},
          {"component_mass_area_m2", country.area},
          {"component_mass_population", country.people},
          {"prequant_sum_real", country.weighing.prequant_sum},
          {"K", country.weighing.units},
          {"postquant_sum_fp", country.weighing.units},
          {"residue_allocations", country.weighing.bumps},
          {"zero_mass_fallback", country.weighing.fallback}};
}

double per_second(std::uint64_t bytes, double seconds) { return seconds > 0 ? static_cast<double>(bytes) / seconds : 0.0; }

Json telemetry(const std::vector<Outcome>& countries, std::uint64_t rows, const Costs& costs) {
  std::uint64_t tile_bytes = 0;
  for (const auto& country : countries) tile_bytes += country.bytes_read;
  return {{"wall_clock_seconds_total", costs.wall_seconds},
          {"cpu_seconds_total", costs.cpu_seconds},
          {"countries_processed", countries.size()},
          {"rows_emitted", rows},
          {"bytes_read_tile_index_total", tile_bytes},
          {"bytes_read_raster_total", costs.raster_bytes},
          {"bytes_read_vectors_total", costs.iso_bytes},
          {"max_worker_rss_bytes", report::peak_rss_bytes()},
          {"open_files_peak", costs.open_files},
          {"workers_used", 1},
          {"chunk_size", 0},
          {"io_baseline_ti_bps", per_second(tile_bytes, costs.tile_seconds)},
          {"io_baseline_raster_bps", per_second(costs.raster_bytes, costs.raster_seconds)},
          {"io_baseline_vectors_bps", per_second(costs.iso_bytes, costs.iso_seconds)}};
}

Result<Json> ingress(const store::RunFolder& run, bool population) {
  PW_TRY(const auto iso, run.version("iso3166_canonical_2024"));
  PW_TRY(const auto countries, run.version("world_countries"));
  PW_TRY(const auto raster, run.version("population_raster_2025"));
  return Json{{"iso3166", iso}, {"world_countries", countries}, {"population_raster", population ? Json(raster) : Json(nullptr)}};
}

}  // namespace

Result<Json> run_report(const Context& context, const contracts::PolicyS2& policy, const std::vector<Outcome>& countries,
                        const store::Published& published, const Costs& costs) {
  std::vector<std::string_view> regions;
  std::uint64_t rows = 0;
  Json summaries = Json::array();
  for (const auto& country : countries) {
    regions.push_back(country.region);
    rows += country.tiles;
    summaries.push_back(summary(country));
  }
  const auto base = safe_normalize(base_shares(policy, countries));
  const auto balance = rebalance(base, regions, policy.blend);
  PW_TRY(const auto versions, ingress(context.run, policy.needs_population()));
  return Json{{"parameter_hash", context.run.identity().parameter_hash},
              {"basis", contracts::basis_text(policy.basis)},
              {"dp", policy.dp},
              {"fallback_mode", policy.fallback_mode},
              {"blend_v2_enabled", policy.blend.enabled},
              {"blend_v2_basis_mix",
               {{"uniform", policy.blend.uniform}, {"area_m2", policy.blend.area_m2}, {"population", policy.blend.population}}},
              {"ingress_versions", versions},
              {"rows_emitted", rows},
              {"countries_total", countries.size()},
              {"country_gini_proxy", gini(balance.shares)},
              {"country_share_topk", topk(balance.shares)},
              {"region_share_vector", region_vector(balance.shares, regions)},
              {"country_gini_baseline_proxy", gini(base)},
              {"country_share_baseline_topk", topk(base)},
              {"blend_v2_diagnostics", diagnostics(policy.blend, balance)},
              {"determinism_receipt", store::determinism_receipt(published)},
              {"pat", telemetry(countries, rows, costs)},
              {"country_summaries", summaries}};
}

}  // namespace placewright::states::s2_weights
