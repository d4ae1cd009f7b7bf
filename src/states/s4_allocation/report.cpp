#include "states/s4_allocation/report.hpp"

#include <algorithm>
#include <cmath>

#include "report/log.hpp"

namespace placewright::states::s4_allocation {
namespace {

double quantile(const std::vector<double>& ascending, double q) {
  const double h = static_cast<double>(ascending.size() - 1) * q;
  const auto low = static_cast<std::size_t>(std::floor(h));
  const auto high = std::min(low + 1, ascending.size() - 1);
  return ascending[low] + (ascending[high] - ascending[low]) * (h - std::floor(h));
}

double share_of(std::uint64_t part, std::size_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

Json timing(double seconds, std::uint64_t calls, double wall) {
  return {{"seconds", seconds}, {"calls", calls}, {"share_of_wall", wall > 0 ? seconds / wall : 0.0}};
}

// Caches that the reference engine has and this one has no use for; readers of the report expect the keys.
Json unused_caches() {
  const Json none = {{"hits", 0}, {"misses", 0}, {"evictions", 0}, {"bytes_peak", 0}, {"entries", 0}};
  Json rank = none, plan = none, disk = {{"enabled", false}, {"group", ""}};
  rank.update({{"entries_max", 0}, {"bytes_max", 0}, {"k_max", 0}, {"skipped_large_k", 0}, {"skipped_oversize", 0}});
  plan.update({{"entries_max", 0}, {"bytes_max", 0}});
  for (const char* key : {"max_entries", "max_bytes", "prune_every_saves", "hits", "misses", "saves", "bytes_read", "bytes_written", "prune_calls"}) {
    disk[key] = 0;
  }
  return {{"runtime_rank_cache", rank},
          {"runtime_alloc_plan_cache", plan},
          {"runtime_alloc_plan_disk_cache", disk},
          {"runtime_logging", {{"progress_interval_seconds", 0.5}, {"heartbeat_interval_seconds", 0.5}}}};
}

Json telemetry(const Totals& totals, const Diagnostics& diagnostics, const Costs& costs, double wall) {
  Json pat = {{"tile_index_surface_sig", costs.tile_signature},
              {"tile_weights_surface_sig", costs.weight_signature},
              {"bytes_read_s3_total", costs.requirement_bytes},
              {"bytes_read_weights_total", costs.weight_bytes},
              {"bytes_read_index_total", costs.tile_bytes},
              {"rows_emitted", totals.rows},
              {"pairs_total", totals.pairs},
              {"ties_broken_total", diagnostics.bumps_total()},
              {"bumps_total", diagnostics.bumps_total()},
              {"wall_clock_seconds_total", wall},
              {"cpu_seconds_total", report::cpu_seconds() - costs.cpu_began},
              {"workers_used", 1},
              {"max_worker_rss_bytes", report::peak_rss_bytes()},
              {"open_files_peak", costs.open_files},
              {"open_files_metric", "fds"}};
  pat["runtime_cache"] = {{"countries_max", 0}, {"cache_max_bytes", 0}, {"pinned_countries", 0}, {"hits", 0}, {"misses", costs.country_loads},
                          {"evictions", 0}, {"evictions_pinned_fallback", 0}, {"skipped_oversize", 0}, {"bytes_peak", 0}};
  pat.update(unused_caches());
  return pat;
}

}  // namespace

Json summary_of(std::vector<double> values) {
  if (values.empty()) return {{"p50", 0.0}, {"p90", 0.0}, {"p99", 0.0}, {"mean", 0.0}};
  std::ranges::sort(values);
  double sum = 0;
  for (const double value : values) sum += value;
  return {{"p50", quantile(values, 0.5)}, {"p90", quantile(values, 0.9)}, {"p99", quantile(values, 0.99)}, {"mean", sum / static_cast<double>(values.size())}};
}

void Diagnostics::Series::add(const Concentration& c) {
  if (c.active == 1) {
    ++singles;
    return;
  }
  top1.push_back(c.top1);
  hhi.push_back(c.hhi);
  active.push_back(c.active);
}

void Diagnostics::add(const PairFigures& figures) {
  before_.add(figures.before);
  after_.add(figures.after);
  bumps_ += figures.shortfall;
  guard_moves_ += figures.moves.guard;
  residual_moves_ += figures.moves.residual;
  if (figures.moves.guard + figures.moves.residual > 0) ++guard_touched_;
  if (figures.diversified) {
    ++diversified_;
    diversified_bumps_ += figures.shortfall;
  }
}

Json Diagnostics::json(bool enabled) const {
  const auto pairs = before_.top1.size() + before_.singles;
  const auto summary = [](const auto& values, std::size_t singles) {
    std::vector<double> all(values.begin(), values.end());
    all.resize(values.size() + singles, 1.0);
    return summary_of(std::move(all));
  };
  return {{"enabled", enabled},
          {"pairs_total", pairs},
          {"pairs_guard_touched", guard_touched_},
          {"guard_touched_share", share_of(guard_touched_, pairs)},
          {"pairs_diversified_touched", diversified_},
          {"diversified_touched_share", share_of(diversified_, pairs)},
          {"diversification_bumps_total", diversified_bumps_},
          {"moves_soft_total", guard_moves_},
          {"moves_residual_total", residual_moves_},
          {"pair_top1_pre", summary(before_.top1, before_.singles)},
          {"pair_top1_post", summary(after_.top1, after_.singles)},
          {"pair_hhi_pre", summary(before_.hhi, before_.singles)},
          {"pair_hhi_post", summary(after_.hhi, after_.singles)},
          {"pair_active_tiles_pre", summary(before_.active, before_.singles)},
          {"pair_active_tiles_post", summary(after_.active, after_.singles)}};
}

Result<Json> run_report(const Context& context, const contracts::PolicyS4& policy, const Totals& totals, const Diagnostics& diagnostics,
                        const store::Published& published, const Costs& costs) {
  const auto& identity = context.run.identity();
  const double wall = report::wall_seconds() - costs.wall_began;
  PW_TRY(const auto iso_version, context.run.version("iso3166_canonical_2024"));
  return Json{{"seed", identity.seed},
              {"manifest_fingerprint", identity.manifest_fingerprint},
              {"parameter_hash", identity.parameter_hash},
              {"rows_emitted", totals.rows},
              {"merchants_total", totals.merchants},
              {"pairs_total", totals.pairs},
              {"alloc_sum_equals_requirements", true},
              {"ingress_versions", {{"iso3166", iso_version}}},
              {"determinism_receipt", store::determinism_receipt(published)},
              {"anti_collapse_policy", contracts::echo(policy)},
              {"anti_collapse_diagnostics", diagnostics.json(policy.enabled)},
              {"substage_timing",
               {{"country_asset_load", timing(costs.load_seconds, costs.country_loads, wall)},
                {"rank_prefix", timing(0, 0, wall)},
                {"allocation_kernel", timing(costs.kernel_seconds, totals.pairs, wall)},
                {"batch_write", timing(costs.write_seconds, costs.blocks, wall)}}},
              {"pat", telemetry(totals, diagnostics, costs, wall)}};
}

}  // namespace placewright::states::s4_allocation
