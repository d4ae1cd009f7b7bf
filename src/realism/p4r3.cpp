// Screens upstream candidates by the plan alone, before S5 to S9 are run for them.
#include <algorithm>
#include <limits>
#include <optional>

#include "realism/legacy_parts.hpp"
#include "realism/statistics.hpp"
#include "store/receipt.hpp"

namespace placewright::realism {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kShares = {"country_gini_s4", "top1_share_s4", "top5_share_s4", "top10_share_s4"};

// Top shares here are of 1, 5 and 10 countries, not of fractions; they meet the limits of the fractions all the same.
Json plan_metrics(const std::vector<CountryCount>& counts) {
  std::vector<std::uint64_t> n;
  std::uint64_t total = 0, nonzero = 0;
  for (const auto& c : counts) n.push_back(c.sites), total += c.sites, nonzero += c.sites > 0;
  return {{"country_gini_s4", gini(n)},
          {"top1_share_s4", top_count_share(n, 1)},
          {"top5_share_s4", top_count_share(n, 5)},
          {"top10_share_s4", top_count_share(n, 10)},
          {"nonzero_country_count_s4", nonzero},
          {"country_count_s4", n.size()},
          {"total_sites_s4", total}};
}

struct Candidate {
  std::string upstream, matched;
  Json metrics, delta, checks;
  std::optional<Error> error;
  double distance = std::numeric_limits<double>::infinity(), score = std::numeric_limits<double>::infinity();
  bool competitive = false;
};

double distance_to_b(const Json& metrics) {
  double sum = 0;
  for (const auto& [name, limit] : {std::pair{"country_gini_s4", 0.68},
                                    {"top10_share_s4", 0.50},
                                    {"top5_share_s4", 0.33},
                                    {"top1_share_s4", 0.10}}) {
    sum += std::max(0.0, number_at(metrics, name) - limit) / limit;
  }
  return sum;
}

bool has_plan(const store::RunFolder& run) {
  const auto folder = run.target("s4_alloc_plan");
  return folder && plan_counts(run);
}

// The run of the same identity that has a plan; of several the one whose receipt was written last, then by id.
Result<store::RunFolder> matching(const fs::path& runs_root, const RunIdentity& id,
                                  const contracts::Dictionary& dictionary) {
  std::error_code error;
  std::optional<store::RunFolder> best;
  std::optional<std::pair<fs::file_time_type, std::string>> newest;
  for (const auto& entry : fs::directory_iterator(runs_root, error)) {
    auto run = open_run(entry.path(), dictionary);
    if (!run) continue;
    const auto& other = run->identity();
    if (other.seed != id.seed || other.parameter_hash != id.parameter_hash ||
        other.manifest_fingerprint != id.manifest_fingerprint)
      continue;
    const auto key = std::pair{fs::last_write_time(entry.path() / "run_receipt.json", error), other.run_id};
    if ((newest && key < *newest) || !has_plan(*run)) continue;
    newest = key;
    best = std::move(*run);
  }
  if (best) return std::move(*best);
  return Error("RS01_RUN_NOT_FOUND", "no run below " + runs_root.string() + " has a plan for seed " +
                                         std::to_string(id.seed) + ", parameter_hash " + id.parameter_hash +
                                         ", manifest_fingerprint " + id.manifest_fingerprint);
}

Result<void> judge(Candidate& candidate, const LegacyOptions& options, const Json& reference,
                   const contracts::Dictionary& dictionary) {
  PW_TRY(const auto upstream, open_run(options.upstream_root / candidate.upstream, dictionary));
  PW_TRY(const auto run, matching(options.runs_root, upstream.identity(), dictionary));
  PW_TRY(const auto counts, plan_counts(run));
  candidate.matched = run.identity().run_id;
  candidate.metrics = plan_metrics(counts);
  candidate.delta = deltas(candidate.metrics, reference, kShares);
  const auto gained = candidate.metrics["nonzero_country_count_s4"].get<std::int64_t>() -
                      reference["nonzero_country_count_s4"].get<std::int64_t>();
  candidate.delta["nonzero_country_count_s4"] = gained;
  const bool narrow = not_worse(candidate.metrics, reference, kShares);
  candidate.competitive = narrow && gained >= 0;
  candidate.checks = {{"concentration_direction_non_regression", narrow},
                      {"coverage_direction_non_regression", gained >= 0},
                      {"proxy_competitive", candidate.competitive}};
  candidate.distance = distance_to_b(candidate.metrics);
  candidate.score = candidate.distance - 0.25 * std::max(0.0, static_cast<double>(gained)) /
                                             std::max(1.0, number_at(reference, "nonzero_country_count_s4"));
  return {};
}

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json artefact(const Candidate& c, const LegacyOptions& options, const Json& reference) {
  Json out = {{"generated_utc", now_utc()},
              {"phase", "P4.R3"},
              {"segment", "1B"},
              {"candidate_1a_run_id", c.upstream},
              {"matched_1b_run_id", text_or_null(c.matched)},
              {"reference_run_id", options.against_run_id},
              {"reference_metrics", reference}};
  put(out, "distance_to_B_proxy", c.distance);
  put(out, "proxy_rank_score", c.score);
  if (c.error) {
    out["error"] = {{"type", c.error->code()}, {"message", c.error->message()}};
    out["proxy_checks"] = {{"concentration_direction_non_regression", false},
                           {"coverage_direction_non_regression", false},
                           {"proxy_competitive", false}};
  } else {
    out.update({{"candidate_metrics", c.metrics}, {"delta_vs_reference", c.delta}, {"proxy_checks", c.checks}});
  }
  return out;
}

std::vector<std::size_t> shortlist(const std::vector<Candidate>& all, std::size_t most) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].competitive) order.push_back(i);
  }
  std::ranges::stable_sort(order, [&](auto a, auto b) { return all[a].score < all[b].score; });
  order.resize(std::min(most, order.size()));
  return order;
}

Json dropped(const std::vector<Candidate>& all, const std::vector<std::size_t>& kept) {
  Json out = Json::array();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (std::ranges::find(kept, i) != kept.end()) continue;
    Json row = {{"candidate_1a_run_id", all[i].upstream},
                {"matched_1b_run_id", text_or_null(all[i].matched)},
                {"reason", all[i].competitive ? "rank_below_shortlist_cut" : "proxy_gate_fail"}};
    put(row, "proxy_rank_score", all[i].score);
    out.push_back(std::move(row));
  }
  return out;
}

Result<std::pair<std::string, std::vector<std::string>>> read_wave(const fs::path& file) {
  PW_TRY(const auto wave, store::read_json(file));
  std::vector<std::string> promoted;
  for (const auto& id : wave.value("promoted_candidates", Json::array())) {
    if (id.is_string()) promoted.push_back(id.get<std::string>());
  }
  return std::pair{wave.value("wave", std::string("wave_1")), promoted};
}

Json summary(const std::vector<Candidate>& all, const std::vector<fs::path>& files, const std::string& wave,
             const LegacyOptions& options, const Json& reference) {
  const auto kept = shortlist(all, options.max_shortlist);
  Json ours = Json::array(), theirs = Json::array(), paths = Json::array();
  for (const auto i : kept) theirs.push_back(all[i].upstream), ours.push_back(all[i].matched);
  for (const auto& file : files) paths.push_back(file.generic_string());
  return {{"generated_utc", now_utc()},
          {"phase", "P4.R3"},
          {"segment", "1B"},
          {"wave", wave},
          {"reference_run_id", options.against_run_id},
          {"reference_metrics", reference},
          {"candidate_count", all.size()},
          {"max_shortlist", options.max_shortlist},
          {"candidate_artifacts", paths},
          {"shortlisted_candidates_1a", theirs},
          {"shortlisted_candidates_1b", ours},
          {"dropped_candidates", dropped(all, kept)},
          {"summary_checks",
           {{"all_candidates_have_artifacts", files.size() == all.size()},
            {"non_competitive_filtered_before_expensive_runs", true},
            {"shortlist_bounded", kept.size() <= options.max_shortlist}}}};
}

}  // namespace

Result<Artefacts> score_p4r3(const LegacyOptions& options, const contracts::Dictionary& dictionary, work::Pool&) {
  PW_TRY(const auto wave, read_wave(options.wave));
  PW_TRY(const auto reference_run, run_of(options, options.against_run_id, dictionary));
  PW_TRY(const auto reference_counts, plan_counts(reference_run));
  const auto reference = plan_metrics(reference_counts);
  std::vector<Candidate> all;
  std::vector<fs::path> files;
  for (const auto& id : wave.second) {
    Candidate candidate;
    candidate.upstream = id;
    if (auto judged = judge(candidate, options, reference, dictionary); !judged)
      candidate.error = std::move(judged).error();
    PW_TRY(auto file, write_sorted(out_folder(options), "segment1b_p4r3_proxy_" + id + ".json",
                                   artefact(candidate, options, reference)));
    files.push_back(std::move(file));
    all.push_back(std::move(candidate));
  }
  auto card = summary(all, files, wave.first, options, reference);
  PW_TRY(auto file, write_sorted(out_folder(options), "segment1b_p4r3_proxy_" + wave.first + ".json", card));
  files.push_back(std::move(file));
  return Artefacts{std::move(files), std::move(card)};
}

}  // namespace placewright::realism
