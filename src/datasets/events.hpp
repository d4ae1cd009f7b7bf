// The two families of RNG events, their trace and the audit log: one way to write and one to read both forms.
//
// JSONL (spec S5-S6 §1.7 to §1.10): <family folder>/part-00000.jsonl, one line an event, and one rng_trace_log.jsonl
// for both families. Parquet (datasets/schemas.hpp): <family folder>/part-%05d.parquet, one row an event, no trace;
// whatever follows from who draws (stream, counters, uniform, sigma) is derived again when it is read.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "contracts/policy_s6.hpp"
#include "hash/sha256.hpp"
#include "rng/jitter.hpp"
#include "rng/philox.hpp"
#include "store/publish.hpp"
#include "store/run_folder.hpp"
#include "work/pool.hpp"

namespace placewright::datasets {

namespace fs = std::filesystem;

enum class EventFamily { assignment, jitter };
enum class LogForm { jsonl, parquet };

// Dictionary id, emitting module and label of a family.
struct FamilyNames {
  std::string_view dataset;  // "rng_event_site_tile_assign"
  std::string_view module;   // "1B.S5.assigner"
  std::string_view label;    // "site_tile_assign"
  std::uint64_t draws;       // uniforms an event uses
};
const FamilyNames& names_of(EventFamily family);

// The jitter policy of a run and the law it states. Without a dictionary entry: the built-in uniform policy.
struct JitterPolicy {
  contracts::PolicyS6 policy;
  std::string path;  // as resolved; empty for the built-in one
  rng::JitterLaw law() const;
};
Result<JitterPolicy> read_jitter_policy(const store::RunFolder& run);

// ---- Events as S5 and S6 make them. The counter is the one of the block used; the next one follows it.

struct AssignmentEvent {
  SiteKey site;
  TileId tile = 0;
  rng::Counter counter;
  double u = 0;
};

struct JitterEvent {
  SiteKey site;
  std::int32_t attempt = 0;  // from 1
  double delta_lat = 0, delta_lon = 0;
  double sigma = 1;  // both directions
  rng::Counter counter;
};

// Writes one family below a staging folder: `events/` holds the family folder's files, in JSONL form `trace.jsonl`
// beside it this family's trace rows. Text is made on the pool in blocks and joined in order.
template <class Event>
class EventWriter {
 public:
  static Result<EventWriter> create(const fs::path& staging, LogForm form, const RunIdentity& identity,
                                    work::Pool& pool);
  ~EventWriter();
  EventWriter(EventWriter&&) noexcept;

  Result<void> write(std::span<const Event> events);  // in output order
  Result<std::uint64_t> close();                      // flushed; number of events

 private:
  struct Impl;
  explicit EventWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Publishes what an EventWriter left in `staging`: the family folder write-once, and in JSONL form the trace. Logs
// whose records are equal but for ts_utc are the same log, whoever wrote them and in whichever form. A trace that holds
// this family's rows already stays as it is; without them S5 starts it, and S6 replaces it, by rename, with one file of
// the rows of others and its own. S5 rows that differ are a conflict; S6 rows that differ are replaced with the rest.
Result<void> publish_events(const store::RunFolder& run, const fs::path& staging, EventFamily family, LogForm form,
                            work::Pool& pool);

// Ensure rule of the audit log (spec §1.9): writes this run's row unless an equal identity is there.
Result<void> ensure_audit(const store::RunFolder& run, const std::string& build_commit);

// ---- Records as found.

// What is wrong with one record, against the schemas of spec S7-S9 §4. Good records have none.
struct RecordProblem {
  std::string file;  // name of the file and line (JSONL) or row (Parquet) in it, from 1
  std::uint64_t line = 0;
  bool malformed = false;           // not one JSON object; nothing else of it was read
  bool other_run = false;           // run_id is readable and not this run's
  bool other_identity = false;      // seed, parameter_hash or manifest_fingerprint is not this run's
  bool no_key = false;              // merchant_id or site_order is not an integer, or the country is no code
  bool no_counters = false;         // one of the four counters is missing or not u64
  std::string run_id;               // as found
  std::string module, label;        // as found
  std::string draws;                // text of `draws` as found; empty when it is no text
  std::vector<std::string> faults;  // schema faults, first one first: "blocks is not 1"
};

// Fields that could not be read are 0.
struct EventRecord {
  SiteKey site;
  rng::Counter before, after;
  std::uint64_t blocks = 0;
  std::uint64_t draws = 0;                                            // saturates at 2^64-1
  TileId tile = 0;                                                    // assignment
  double u = 0;                                                       // assignment
  double delta_lat = 0, delta_lon = 0, sigma_lat = 0, sigma_lon = 0;  // jitter
  std::unique_ptr<RecordProblem> problem;

  bool good() const { return problem == nullptr; }
};

struct TraceRecord {
  EventFamily family = EventFamily::assignment;  // meaningless when `foreign`
  bool foreign = false;                          // module and label of neither family
  rng::Counter before, after;
  std::uint64_t draws_total = 0, blocks_total = 0, events_total = 0;
  std::unique_ptr<RecordProblem> problem;

  bool good() const { return problem == nullptr; }
};

struct AuditRecord {
  bool this_run = false;  // run_id, seed, parameter_hash and manifest_fingerprint are this run's
  std::unique_ptr<RecordProblem> problem;
};

// The published events of one family. JSONL wins when a folder holds both forms.
class EventLog {
 public:
  // Never fails for a missing or empty folder; a jitter log in Parquet form reads the jitter policy.
  static Result<EventLog> open(const store::RunFolder& run, EventFamily family);
  // The same for a folder that is not the published one, e.g. a staged log.
  static Result<EventLog> open_folder(const store::RunFolder& run, EventFamily family, const fs::path& folder);

  bool folder_exists() const { return folder_exists_; }
  bool empty() const { return files_.empty(); }  // no *.jsonl and no *.parquet directly in the folder
  LogForm form() const { return form_; }
  const std::vector<fs::path>& files() const { return files_; }  // in name order
  std::uint64_t file_bytes() const;

  using Take = std::function<Result<void>(std::span<EventRecord>)>;
  // Hands over all records in file order, block by block, on the calling thread; parsed on the pool. Blank lines are
  // passed over. In Parquet form a row whose counter is not the one its stream gives it is a fault of the record.
  Result<void> read(work::Pool& pool, const Take& take) const;

 private:
  EventLog() = default;
  Result<void> read_rows(work::Pool& pool, const Take& take) const;

  RunIdentity identity_;
  EventFamily family_ = EventFamily::assignment;
  LogForm form_ = LogForm::jsonl;
  bool folder_exists_ = false;
  std::vector<fs::path> files_;
  hash::Digest master_{};
  JitterPolicy policy_;
};

// Trace rows in file order. A missing file gives none. Runs with Parquet events have no trace: its totals are those of
// the events.
Result<void> read_trace(const store::RunFolder& run, work::Pool& pool,
                        const std::function<Result<void>(std::span<TraceRecord>)>& take);
Result<void> read_trace_file(const fs::path& file, const RunIdentity& identity, work::Pool& pool,
                             const std::function<Result<void>(std::span<TraceRecord>)>& take);
Result<std::vector<AuditRecord>> read_audit(const store::RunFolder& run);  // a missing file gives none

// The logs of a run as the JSONL form has them, byte for byte, below `out` under their dictionary paths: both families,
// trace and audit. A record that is not good is PW_TABLE.
struct ExportedLogs {
  std::uint64_t events = 0;
  std::vector<fs::path> files;
};
Result<ExportedLogs> export_events_jsonl(const store::RunFolder& run, const fs::path& out, work::Pool& pool);

}  // namespace placewright::datasets
