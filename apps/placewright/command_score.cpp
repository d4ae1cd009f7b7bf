#include "command.hpp"
#include "placewright/score.hpp"

namespace placewright::cli {
namespace {

int show(const ScoreResult& result, bool json) {
  if (json && !result.json.empty()) print(result.json);
  if (!json && !result.text.empty()) print(result.text);
  if (!json) {
    for (const auto& file : result.files) print("written: " + file);
  }
  return result.status ? 0 : fail(result.status);
}

void add_likeness(CLI::App& score, Action& action) {
  struct Use {
    LikenessOptions options;
    bool json = false;
  };
  auto use = std::make_shared<Use>();
  auto& o = use->options;
  auto* verb = score.add_subcommand("likeness", "How near a placement is to where a real chain stands");
  verb->add_option("RUN", o.run_folder, "Run folder");
  verb->add_option("--sites", o.sites, "Placed sites as CSV (also .gz, .zst) or Parquet, instead of a run");
  verb->add_option("--real", o.real, "The chain's own sites: country_iso, lon_deg, lat_deg")->required();
  verb->add_option("--merchant", o.merchant, "This merchant's sites only");
  verb->add_option("--country", o.country, "This country only");
  verb->add_option("--min-sites", o.min_sites, "Real sites a country must have to count")->capture_default_str();
  verb->add_option("--round", o.round, "Decimals both are rounded to first")->check(CLI::Range(0, 12));
  verb->add_option("--map", o.map, "Write both side by side to this SVG file");
  verb->add_option("--threads", o.threads, "Threads; 0: all. Changes no figure")->capture_default_str();
  add_json(*verb, use->json);
  verb->callback([use, &action] { action = [use] { return show(score_likeness(use->options), use->json); }; });
}

// One of the reference's scorers, with the option names of its tools beside short ones.
struct LegacyVerb {
  const char* name;
  const char* title;
  const char* against;  // option that names the other run; empty: none
  bool baseline, policy, regions;
};
constexpr LegacyVerb kLegacy[] = {
    {"p0", "The reference's baseline scorecard", "", false, false, true},
    {"p1", "The reference's S2 scorer", "", true, false, true},
    {"p2", "The reference's S4 scorer", "--baseline-run-id", false, false, false},
    {"p3", "The reference's geometry scorer", "--no-regression-run-id", true, true, false},
    {"p4", "The reference's integrated grade", "--no-regression-run-id", true, true, false}};

struct LegacyUse {
  LegacyScoreOptions options;
  bool json = false;
};

CLI::App* legacy_verb(CLI::App& score, Action& action, const char* name, const char* title,
                      const std::shared_ptr<LegacyUse>& use) {
  auto& o = use->options;
  o.scorer = name;
  auto* verb = score.add_subcommand(name, title);
  verb->add_option("--out,--output-dir,--output-root", o.out, "Folder of the files; default: <runs root>/reports");
  verb->add_option("--threads", o.threads, "Threads; 0: all. Changes no figure")->capture_default_str();
  add_json(*verb, use->json);
  verb->callback([use, &action] { action = [use] { return show(score_legacy(use->options), use->json); }; });
  return verb;
}

void add_legacy(CLI::App& score, Action& action, const LegacyVerb& row) {
  const auto use = std::make_shared<LegacyUse>();
  auto& o = use->options;
  auto* verb = legacy_verb(score, action, row.name, row.title, use);
  verb->add_option("--runs-root", o.runs_root, "Folder of run folders")->required();
  verb->add_option("--run-id,--candidate-run-id", o.run_id, "Run to score")->required();
  if (*row.against) verb->add_option(row.against, o.against_run_id, "Run to compare with")->required();
  if (row.baseline) verb->add_option("--baseline-json", o.baseline_json, "Scorecard of p0")->required();
  if (row.policy) verb->add_option("--policy,--s3-policy-path", o.policy, "policy.s3.requirements.yaml")->required();
  if (row.regions)
    verb->add_option("--regions", o.regions, "CSV of country_iso, region, subregion; default: the embedded one");
}

void add_proxy(CLI::App& score, Action& action) {
  const auto use = std::make_shared<LegacyUse>();
  auto& o = use->options;
  auto* verb = legacy_verb(score, action, "p4r3", "The reference's screen of upstream candidates by plan", use);
  verb->add_option("--upstream-root,--runs-root-1a", o.upstream_root, "Folder of upstream run folders")->required();
  verb->add_option("--runs-root,--runs-root-1b", o.runs_root, "Folder of run folders")->required();
  verb->add_option("--wave,--r2-summary-json", o.wave, "Wave summary")->required();
  verb->add_option("--reference-run-id", o.against_run_id, "Run to compare with")->required();
  verb->add_option("--max-shortlist", o.max_shortlist, "Candidates kept at most")->capture_default_str();
}

void add_run_score(CLI::App& score, Action& action) {
  struct Use {
    ScoreOptions options;
    bool json = false, no_people = false;
  };
  auto use = std::make_shared<Use>();
  auto& o = use->options;
  score.add_option("RUN", o.run_folder, "Run folder to grade against every gate");
  score.add_option("--policy", o.policy, "S3 policy whose denylist is left out; default: the run's own");
  score.add_option("--baseline", o.baseline, "Run whose neighbour ratio replaces the recorded 11.7929786966");
  score.add_option("--require", o.require, "B or B_plus (also placement:B, legacy:B): exit 3 when below");
  score.add_flag("--no-people", use->no_people, "Leave the population raster unread");
  score.add_option("--csv", o.csv, "Folder for tables");
  score.add_option("--plots", o.plots, "Folder for plots (SVG) and their data");
  score.add_option("--threads", o.threads, "Threads; 0: all. Changes no figure")->capture_default_str();
  add_json(score, use->json);
  score.callback([use, &score, &action] {
    if (!score.get_subcommands().empty()) return;
    action = [use] {
      if (use->options.run_folder.empty())
        return fail({2, "PW_USAGE", "give a run folder\n  what to do: see placewright score --help"});
      use->options.people = !use->no_people;
      return show(score_run(use->options), use->json);
    };
  });
}

void add_certify(CLI::App& score, Action& action) {
  struct Use {
    CertifyOptions options;
    bool json = false;
  };
  auto use = std::make_shared<Use>();
  auto& o = use->options;
  auto* verb = score.add_subcommand("certify", "A certificate over runs of the seeds 42, 7, 101 and 202");
  verb->add_option("RUN", o.runs, "Run folders")->required();
  verb->add_option("--baseline", o.baseline, "Run to compare with; default: the recorded neighbour ratio alone");
  verb->add_option("--require", o.require, "B or B_plus: exit 3 when the seeds do not earn it")->capture_default_str();
  verb->add_option("--out", o.out, "Folder of the certificate; default: reports/ beside the first run");
  verb->add_option("--threads", o.threads, "Threads; 0: all. Changes no figure")->capture_default_str();
  add_json(*verb, use->json);
  verb->callback([use, &action] { action = [use] { return show(score_certify(use->options), use->json); }; });
}

}  // namespace

void add_score(CLI::App& app, Action& action) {
  auto* score =
      app.add_subcommand("score", "Grade a placement: a run against every gate, a chain, or as the reference did");
  score->require_subcommand(0, 1);
  add_run_score(*score, action);
  add_certify(*score, action);
  add_likeness(*score, action);
  for (const auto& row : kLegacy) add_legacy(*score, action, row);
  add_proxy(*score, action);
}

}  // namespace placewright::cli
