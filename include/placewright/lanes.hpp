// Run lanes: try a change over finished states of another run, keep what was accepted, remove what was not
// (docs/lanes.md). Nothing here throws.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "placewright/run.hpp"
#include "placewright/status.hpp"

namespace placewright {

struct LaneResult {
  Status status;
  std::vector<std::string> lines;  // for people
  std::string json;                // the same as one JSON object; "{}" when there is nothing to say
};

// The veto over an upstream (1A) run: PASS, or LANE_GUARD_FAIL / LANE_GUARD_SURFACE with the artefact written all the
// same.
struct LaneGuardOptions {
  std::string runs_root;
  std::string run_id;
  std::string authority;  // certification JSON of the upstream run in force
  std::string out;        // empty: <runs_root>/reports/segment1a_freeze_guard_<run_id>.json
  double concentration_max_regression = 0.01;
  std::uint64_t bootstrap_samples = 400;
  std::uint64_t bootstrap_seed = 20260213;
};
LaneResult lane_freeze_guard(const LaneGuardOptions& options);

// The reference's performance scorers over its own run logs. Artefacts go to <runs_root>/reports unless named.
struct LanePoptOptions {
  std::string runs_root;
  std::string run_id;
  std::string baseline, witness_a, witness_b;  // popt1 only
  std::string out_json, out_markdown;
};
LaneResult lane_popt0(const LanePoptOptions& options);
LaneResult lane_popt1(const LanePoptOptions& options);

// A run that takes finished states over from another one and runs the rest.
struct LaneRerunOptions {
  std::string runs_root;
  std::string source;
  // Fresh run id; empty: made up. Not for an own run with other policies, seed or catalogue: its id follows from its
  // inputs.
  std::string run_id;
  std::string from;  // first state to run; empty: the first that the change reaches, S4 when nothing changed

  // What changes. Any of the first five makes an own run of its own identity; the others a run of the source's
  // identity.
  std::string profile;                    // named set of policies
  std::string policies;                   // folder of policies
  std::vector<std::string> policy_files;  // single policies that replace the source's of the same file name
  std::string seed;                       // decimal
  std::string catalogue;
  std::vector<std::string> external_roots;  // of a run with a receipt from elsewhere
  std::string contracts_root, contracts_layout = "model_spec";

  std::string until = "S9";
  unsigned threads = 0;
  std::uint64_t memory_bytes = 0;
  bool dry_run = false;  // say what would be taken over and what run
  bool quiet = false;
};
// Only takes over; the run is left to `placewright run`.
LaneResult lane_stage(const LaneRerunOptions& options);
LaneResult lane_rerun(const LaneRerunOptions& options);

// Pointers: which run is the baseline, the candidate, the last good one. Without `run_id` the pointer is shown.
struct LanePointerOptions {
  std::string runs_root;
  std::string role;  // baseline_authority (immutable), current_candidate, last_good
  std::string run_id, phase, score_json, lock_record;
};
LaneResult lane_pointer(const LanePointerOptions& options);

// Locks a phase on a run whose witness, a second run of the same inputs, equals it.
struct LaneLockOptions {
  std::string runs_root;
  std::string phase;
  std::string run_id, witness;
  std::string score_json, witness_score_json;
  std::string statement = "Locked phases are not changed by later ones.";
};
LaneResult lane_lock(const LaneLockOptions& options);
LaneResult lane_repro(const LaneLockOptions& options);  // only the check; LANE_REPRO when the runs differ

// Records over locks: the envelope, a reopening, what failed in P4, the upstream runs of a wave.
struct LaneRecordOptions {
  std::string runs_root;
  std::string phase, evidence, approved_by;                  // reopen
  std::string boundary = "Everything before P4 is frozen.";  // envelope
  std::string p4_json;                                       // red-reopen
  std::string wave;                                          // wave
  std::vector<std::string> artefacts;                        // wave: artefacts of the freeze guard
};
LaneResult lane_envelope(const LaneRecordOptions& options);
LaneResult lane_reopen(const LaneRecordOptions& options);
LaneResult lane_red_reopen(const LaneRecordOptions& options);
LaneResult lane_wave(const LaneRecordOptions& options);

struct LaneRootOptions {
  std::string runs_root;
  std::string run_id;             // archive, show
  std::string reason;             // archive
  std::vector<std::string> keep;  // prune
  bool failed_only = false;       // prune
  bool yes = false;               // prune: remove, not only say
};
LaneResult lane_archive(const LaneRootOptions& options);
LaneResult lane_prune(const LaneRootOptions& options);
LaneResult lane_list(const LaneRootOptions& options);
LaneResult lane_show(const LaneRootOptions& options);

// Our own seconds a state against those of an authority. Unlike runs: LANE_UNLIKE; a slower state: LANE_SLOWER.
struct LaneSpeedOptions {
  std::string runs_root;
  std::string authority, candidate;
  double threshold = 0.10;
};
LaneResult lane_speed(const LaneSpeedOptions& options);

// The plan of a certification: one own run a seed and set of policies. What is missing is run as a lane over the
// source, what is there is reused.
struct LaneCertifyOptions {
  std::string runs_root;
  std::string source;                                    // gives catalogue, world, and policies where none are named
  std::vector<std::uint64_t> seeds = {42, 7, 101, 202};  // all are mandatory
  std::vector<std::string> profiles;                     // sets of policies; empty: the source's
  std::string require = "B";                             // or B_plus
  unsigned threads = 0;
  bool quiet = false;
};
LaneResult lane_certify(const LaneCertifyOptions& options);

}  // namespace placewright
