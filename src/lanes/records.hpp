// Pointers, lock records and their kin below a runs root (spec realism §3.10): shape-checked, written aside and
// renamed. Pointers never copy data.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace placewright::lanes {

namespace fs = std::filesystem;

// "baseline_authority" (immutable), "current_candidate", "last_good"; another: PW_USAGE.
Result<fs::path> pointer_file(const fs::path& root, std::string_view role);

struct PointerChange {
  std::string role, run_id, phase, score_json, lock_record;
};
// The run must exist (LANE_RUN). A baseline that points elsewhere: LANE_IMMUTABLE. Returns the record in force.
Result<Json> set_pointer(const fs::path& root, const PointerChange& change);

struct ReproInput {
  std::string phase, run_a, run_b;
  std::string score_a, score_b;  // score artefacts; empty: not compared
};
// Fields of reports and scores, and a digest a dataset with the run ids left out. Writes the repro check; `all_equal`
// decides.
Result<Json> repro_check(const fs::path& root, const ReproInput& input);

struct LockInput {
  ReproInput repro;  // run_a is the accepted run, run_b its witness
  std::string statement;
};
// Runs that are not equal: LANE_REPRO. A phase locked otherwise: LANE_IMMUTABLE.
Result<Json> lock_phase(const fs::path& root, const LockInput& input);

// Takes a lock (or "baseline", or "envelope") out of force, with evidence and who approved it; the old record stays
// beside.
struct Reopening {
  std::string phase, evidence, approved_by;
};
Result<Json> reopen(const fs::path& root, const Reopening& reopening);

// The envelope over the locks of P1 to P3; immutable.
Result<Json> envelope(const fs::path& root, const std::string& boundary);

// Which gates of B a P4 artefact fails, by how much, and who can move them.
Result<Json> red_reopen(const fs::path& root, const std::string& p4_json);

// Which upstream runs of a wave passed the freeze guard; at most two are promoted.
Result<Json> wave_summary(const fs::path& root, const std::string& wave,
                          const std::vector<std::string>& guard_artefacts);

struct RecordFile {
  std::string name;  // relative to the root
  Json json;
};
// Every record that holds runs in being. One that cannot be read or has another shape: LANE_RECORD.
Result<std::vector<RecordFile>> records_in_force(const fs::path& root);
// The runs a record names, of those in `runs`.
std::vector<std::string> runs_named(const RecordFile& record, const std::vector<std::string>& runs);

}  // namespace placewright::lanes
