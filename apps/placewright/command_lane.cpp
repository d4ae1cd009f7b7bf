#include "command.hpp"
#include "placewright/lanes.hpp"

namespace placewright::cli {
namespace {

int show(const LaneResult& result, bool json) {
  if (json)
    print(result.json);
  else
    for (const auto& line : result.lines) print(line);
  return result.status ? 0 : fail(result.status);
}

// One verb below `lane`: its options, filled by `add`, and the call that takes them.
template <class Options>
void add_verb(CLI::App& lane, Action& action, const char* name, const char* what, LaneResult (*call)(const Options&),
              void (*add)(CLI::App&, Options&)) {
  struct Use {
    Options options;
    bool json = false;
  };
  auto use = std::make_shared<Use>();
  auto* verb = lane.add_subcommand(name, what);
  add(*verb, use->options);
  add_json(*verb, use->json);
  verb->callback([use, call, &action] { action = [use, call] { return show(call(use->options), use->json); }; });
}

void add_root(CLI::App& verb, std::string& root) {
  verb.add_option("--runs-root", root, "Folder of the runs")->required();
}

void rerun_options(CLI::App& verb, LaneRerunOptions& o) {
  add_root(verb, o.runs_root);
  verb.add_option("SOURCE", o.source, "Run whose finished states are taken over")->required();
  verb.add_option("--run-id", o.run_id, "Id of the new run; default: made up");
  verb.add_option("--from", o.from, "First state to run; default: the first that the change reaches");
  verb.add_option("--profile", o.profile, "Named set of policies");
  verb.add_option("--policies", o.policies, "Folder with policies of your own");
  verb.add_option("--policy", o.policy_files, "Policy that replaces the source's of that file name (repeatable)")
      ->take_all()
      ->allow_extra_args(false);
  verb.add_option("--seed", o.seed, "Another seed");
  verb.add_option("--catalogue", o.catalogue, "Another catalogue");
  verb.add_option("--external-root", o.external_roots,
                  "For a run made elsewhere: where its reference data and policies lie (repeatable)")
      ->take_all()
      ->allow_extra_args(false);
  verb.add_option("--contracts-root", o.contracts_root, "Foreign contract files; default: built in");
  verb.add_option("--contracts-layout", o.contracts_layout, "model_spec or contracts")->capture_default_str();
  verb.add_option("--until", o.until, "Last state")->capture_default_str();
  verb.add_option("--threads", o.threads, "Threads; 0: all. Changes no byte")->capture_default_str();
  verb.add_flag("--dry-run", o.dry_run, "Say what would be taken over and what run");
  verb.add_flag("--quiet", o.quiet, "Only errors on stderr");
}

void guard_options(CLI::App& verb, LaneGuardOptions& o) {
  add_root(verb, o.runs_root);
  verb.add_option("RUN", o.run_id, "Upstream run")->required();
  verb.add_option("--authority", o.authority, "Certification JSON of the upstream run in force")->required();
  verb.add_option("--out", o.out, "Artefact; default: below reports/ of the runs root");
  verb.add_option("--concentration-max-regression", o.concentration_max_regression, "Allowed rise of top10 and gini")
      ->capture_default_str();
  verb.add_option("--bootstrap-samples", o.bootstrap_samples, "Replicates of the interval")->capture_default_str();
}

void popt_files(CLI::App& verb, LanePoptOptions& o) {
  add_root(verb, o.runs_root);
  verb.add_option("RUN", o.run_id, "Run of the reference engine")->required();
  verb.add_option("--out-json", o.out_json, "Artefact");
  verb.add_option("--out-md", o.out_markdown, "The same for people");
}

void popt1_options(CLI::App& verb, LanePoptOptions& o) {
  popt_files(verb, o);
  verb.add_option("--baseline", o.baseline, "Artefact of popt0")->required();
  verb.add_option("--witness-a", o.witness_a, "S4 run report")->required();
  verb.add_option("--witness-b", o.witness_b, "S4 run report")->required();
}

void pointer_options(CLI::App& verb, LanePointerOptions& o) {
  add_root(verb, o.runs_root);
  verb.add_option("ROLE", o.role, "baseline_authority, current_candidate or last_good")->required();
  verb.add_option("RUN", o.run_id, "Run to point at; without it the pointer is shown");
  verb.add_option("--phase", o.phase, "Phase the run belongs to, e.g. P3");
  verb.add_option("--score", o.score_json, "Its score artefact");
  verb.add_option("--lock-record", o.lock_record, "Its lock record");
}

void lock_options(CLI::App& verb, LaneLockOptions& o) {
  add_root(verb, o.runs_root);
  verb.add_option("PHASE", o.phase, "e.g. P3")->required();
  verb.add_option("RUN", o.run_id, "Run to accept")->required();
  verb.add_option("WITNESS", o.witness, "Second run of the same inputs")->required();
  verb.add_option("--score", o.score_json, "Score artefact of the run");
  verb.add_option("--witness-score", o.witness_score_json, "Score artefact of the witness");
  verb.add_option("--statement", o.statement, "What is frozen")->capture_default_str();
}

void envelope_options(CLI::App& verb, LaneRecordOptions& o) {
  add_root(verb, o.runs_root);
  verb.add_option("--boundary", o.boundary, "What is frozen")->capture_default_str();
}

void reopen_options(CLI::App& verb, LaneRecordOptions& o) {
  add_root(verb, o.runs_root);
  verb.add_option("PHASE", o.phase, "Locked phase, or baseline, or envelope")->required();
  verb.add_option("--evidence", o.evidence, "File that contradicts the lock")->required();
  verb.add_option("--approved-by", o.approved_by, "Who approved it")->required();
}

void red_options(CLI::App& verb, LaneRecordOptions& o) {
  add_root(verb, o.runs_root);
  verb.add_option("P4", o.p4_json, "Artefact of the P4 scorer")->required();
}

void wave_options(CLI::App& verb, LaneRecordOptions& o) {
  add_root(verb, o.runs_root);
  verb.add_option("WAVE", o.wave, "e.g. wave_1")->required();
  verb.add_option("ARTEFACT", o.artefacts, "Artefacts of the freeze guard")->required();
}

void root_options(CLI::App& verb, LaneRootOptions& o) { add_root(verb, o.runs_root); }

void show_options(CLI::App& verb, LaneRootOptions& o) {
  add_root(verb, o.runs_root);
  verb.add_option("RUN", o.run_id, "Run")->required();
}

void archive_options(CLI::App& verb, LaneRootOptions& o) {
  show_options(verb, o);
  verb.add_option("--reason", o.reason, "Why, for the record")->required();
}

void prune_options(CLI::App& verb, LaneRootOptions& o) {
  add_root(verb, o.runs_root);
  verb.add_flag("--failed", o.failed_only, "Only runs in which a state failed");
  verb.add_option("--keep", o.keep, "Run to keep besides those that records name (repeatable)")
      ->take_all()
      ->allow_extra_args(false);
  verb.add_flag("--yes", o.yes, "Remove them; without it nothing is removed");
}

void certify_options(CLI::App& verb, LaneCertifyOptions& o) {
  add_root(verb, o.runs_root);
  verb.add_option("SOURCE", o.source, "Run that gives catalogue, world and policies")->required();
  verb.add_option("--seeds", o.seeds, "Seeds, with commas between; all are mandatory")
      ->delimiter(',')
      ->capture_default_str();
  verb.add_option("--require", o.require, "B or B_plus")->capture_default_str();
  verb.add_option("--profile", o.profiles, "Set of policies (repeatable); default: the source's")
      ->take_all()
      ->allow_extra_args(false);
  verb.add_option("--threads", o.threads, "Threads; 0: all. Changes no byte")->capture_default_str();
  verb.add_flag("--quiet", o.quiet, "Only errors on stderr");
}

void speed_options(CLI::App& verb, LaneSpeedOptions& o) {
  add_root(verb, o.runs_root);
  verb.add_option("AUTHORITY", o.authority, "Run that sets the times")->required();
  verb.add_option("CANDIDATE", o.candidate, "Run held against it")->required();
  verb.add_option("--threshold", o.threshold, "Share by which a state may be slower")->capture_default_str();
}

void add_performance(CLI::App& lane, Action& action) {
  auto* verb =
      lane.add_subcommand("performance", "How long states took: the reference's scorers, and our own comparison");
  verb->require_subcommand(1);
  add_verb(*verb, action, "popt0", "Baseline and hotspots of a reference run", lane_popt0, popt_files);
  add_verb(*verb, action, "popt1", "Is S4 of a reference run inside its budget", lane_popt1, popt1_options);
  add_verb(*verb, action, "compare", "Seconds a state of two runs of this program that did the same work", lane_speed,
           speed_options);
}

}  // namespace

void add_lane(CLI::App& app, Action& action) {
  auto* lane = app.add_subcommand("lane", "Run lanes: try a change, keep what was accepted, clean up what was not");
  lane->require_subcommand(1);
  add_verb(*lane, action, "stage", "A fresh run that takes over finished states of another", lane_stage, rerun_options);
  add_verb(*lane, action, "rerun", "The same, and run the rest", lane_rerun, rerun_options);
  add_verb(*lane, action, "pointer", "Point at the baseline, the candidate or the last good run", lane_pointer,
           pointer_options);
  add_verb(*lane, action, "repro", "Are two runs equal but for their ids", lane_repro, lock_options);
  add_verb(*lane, action, "lock", "Accept a run for a phase, with an equal witness", lane_lock, lock_options);
  add_verb(*lane, action, "envelope", "Seal the locks of P1 to P3", lane_envelope, envelope_options);
  add_verb(*lane, action, "reopen", "Take a lock, the baseline or the envelope out of force", lane_reopen,
           reopen_options);
  add_verb(*lane, action, "red-reopen", "Which gates a red P4 artefact fails, and who can move them", lane_red_reopen,
           red_options);
  add_verb(*lane, action, "wave", "Which upstream runs of a wave may be placed", lane_wave, wave_options);
  add_verb(*lane, action, "certify", "Every seed and set of policies of a certification, as lanes over one run",
           lane_certify, certify_options);
  add_verb(*lane, action, "archive", "Move a validation bundle away, so that S9 can run again", lane_archive,
           archive_options);
  add_verb(*lane, action, "prune", "Remove runs that nothing needs; says what it would do unless --yes", lane_prune,
           prune_options);
  add_verb(*lane, action, "list", "The runs of a root", lane_list, root_options);
  add_verb(*lane, action, "show", "One run: states, times, policies, disk, who names it", lane_show, show_options);
  add_verb(*lane, action, "freeze-guard", "May this upstream run be placed at all", lane_freeze_guard, guard_options);
  add_performance(*lane, action);
}

}  // namespace placewright::cli
