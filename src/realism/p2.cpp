#include "realism/legacy_parts.hpp"

namespace placewright::realism {
namespace {

Json as_json(const PairFigures& f) { return {{"p50", f.p50}, {"p90", f.p90}, {"p99", f.p99}, {"mean", f.mean}}; }

Json as_json(const PairMetrics& m) {
  return {{"pairs_total", m.pairs},
          {"rows_total", m.rows},
          {"pair_top1_share", as_json(m.top1)},
          {"pair_hhi", as_json(m.hhi)},
          {"pair_active_tiles", as_json(m.active)},
          {"theoretical_floor", {{"pair_top1_share_mean", m.floor_top1_mean}, {"pair_hhi_mean", m.floor_hhi_mean}}},
          {"theoretical_headroom",
           {{"pair_top1_share_mean", m.headroom_top1_mean},
            {"pair_hhi_mean", m.headroom_hhi_mean},
            {"pairs_with_top1_headroom", m.with_top1_headroom},
            {"pairs_with_hhi_headroom", m.with_hhi_headroom}}}};
}

Result<Json> snapshot(const store::RunFolder& run, work::Pool& pool) {
  PW_TRY(const auto s4, read_report(run, "s4_run_report", "S4"));
  PW_TRY(const auto s8, read_report(run, "s8_run_summary", "S8"));
  PW_TRY(const auto pairs, pair_metrics(run));
  PW_TRY(const auto frame, read_sites(run, pool));
  PW_TRY(const auto s4_path, shown(run, "s4_run_report"));
  PW_TRY(const auto s8_path, shown(run, "s8_run_summary"));
  PW_TRY(const auto plan_path, shown(run, "s4_alloc_plan"));
  PW_TRY(const auto sites_path, shown(run, "site_locations"));
  const auto m = measure(frame, 1, pool);
  Json sites = concentration_json(m.spread);
  sites.update({{"nn_p99_p50_ratio", m.nn_ratio}, {"site_count_total", static_cast<double>(m.spread.sites)}});
  return Json{
      {"run", identity(run)},
      {"artifacts",
       {{"s4_report", s4_path}, {"s8_report", s8_path}, {"s4_alloc_plan", plan_path}, {"site_locations", sites_path}}},
      {"s4_report", s4},
      {"s8_report", s8},
      {"s4_pair_metrics", as_json(pairs)},
      {"s8_metrics", sites}};
}

// With room above the floor the mean must fall; without, it must stay on the floor.
bool improved(const Json& before, const Json& after, const std::string& metric, const std::string& headroom) {
  const auto at = [](const Json& side, const std::string& pointer) {
    return number_at(side, "s4_pair_metrics/" + pointer);
  };
  const double was = at(before, metric + "/mean"), is = at(after, metric + "/mean");
  if (at(before, headroom) > kSlack) return is < was - kSlack;
  return is <= was + kSlack && at(after, headroom) <= kSlack;
}

constexpr const char* kTop1Room = "theoretical_headroom/pair_top1_share_mean";
constexpr const char* kHhiRoom = "theoretical_headroom/pair_hhi_mean";

Json checks(const Json& before, const Json& after) {
  const auto& s4 = after["s4_report"];
  return {{"s4_diagnostics_present", s4.contains("anti_collapse_policy") && s4.contains("anti_collapse_diagnostics")},
          {"s4_alloc_sum_equals_requirements", flag_at(s4, "alloc_sum_equals_requirements")},
          {"s4_pair_top1_mean_improved", improved(before, after, "pair_top1_share", kTop1Room)},
          {"s4_pair_hhi_mean_improved", improved(before, after, "pair_hhi", kHhiRoom)},
          {"s4_pair_active_tiles_mean_not_worse", number_at(after, "s4_pair_metrics/pair_active_tiles/mean") + kSlack >=
                                                      number_at(before, "s4_pair_metrics/pair_active_tiles/mean")},
          {"s8_concentration_not_worse_than_baseline",
           not_worse(after["s8_metrics"], before["s8_metrics"],
                     {"country_gini", "top10_share", "top5_share", "top1_share"})},
          {"s8_nn_p99_p50_not_worse_than_baseline",
           not_worse(after["s8_metrics"], before["s8_metrics"], {"nn_p99_p50_ratio"})},
          {"s8_parity_ok", parity_ok(after["s8_report"])}};
}

Json delta(const Json& before, const Json& after) {
  const auto d = [&](const std::string& pointer) { return number_at(after, pointer) - number_at(before, pointer); };
  return {{"s4_pair_top1_mean", d("s4_pair_metrics/pair_top1_share/mean")},
          {"s4_pair_hhi_mean", d("s4_pair_metrics/pair_hhi/mean")},
          {"s4_pair_active_tiles_mean", d("s4_pair_metrics/pair_active_tiles/mean")},
          {"s8_country_gini", d("s8_metrics/country_gini")},
          {"s8_top10_share", d("s8_metrics/top10_share")},
          {"s8_top5_share", d("s8_metrics/top5_share")},
          {"s8_top1_share", d("s8_metrics/top1_share")},
          {"s8_nn_p99_p50_ratio", d("s8_metrics/nn_p99_p50_ratio")}};
}

Json feasibility(const Json& before, const Json& after) {
  const auto at = [](const Json& side, const char* pointer) { return number_at(side["s4_pair_metrics"], pointer); };
  return {{"s4_pair_top1_mean_headroom_baseline", at(before, kTop1Room)},
          {"s4_pair_top1_mean_headroom_candidate", at(after, kTop1Room)},
          {"s4_pair_hhi_mean_headroom_baseline", at(before, kHhiRoom)},
          {"s4_pair_hhi_mean_headroom_candidate", at(after, kHhiRoom)},
          {"s4_pair_top1_improvement_feasible", at(before, kTop1Room) > kSlack},
          {"s4_pair_hhi_improvement_feasible", at(before, kHhiRoom) > kSlack}};
}

}  // namespace

Result<Artefacts> score_p2(const LegacyOptions& options, const contracts::Dictionary& dictionary, work::Pool& pool) {
  PW_TRY(const auto baseline, run_of(options, options.against_run_id, dictionary));
  PW_TRY(const auto candidate, run_of(options, options.run_id, dictionary));
  PW_TRY(const auto before, snapshot(baseline, pool));
  PW_TRY(const auto after, snapshot(candidate, pool));
  const Json head = {{"generated_utc", now_utc()}, {"phase", "P2"}, {"segment", "1B"}, {"baseline", before}};
  const auto done = checks(before, after);
  Json card = head;
  card.update({{"candidate", after},
               {"delta", delta(before, after)},
               {"feasibility", feasibility(before, after)},
               {"checks", done},
               {"checks_all_pass", all_true(done)}});
  PW_TRY(const auto first,
         write_sorted(out_folder(options), "segment1b_p2_baseline_" + options.against_run_id + ".json", head));
  PW_TRY(const auto second,
         write_sorted(out_folder(options), "segment1b_p2_candidate_" + options.run_id + ".json", card));
  return Artefacts{{first, second}, std::move(card)};
}

}  // namespace placewright::realism
