#include "states/s9_validation/trace.hpp"

namespace placewright::states::s9_validation {
namespace {

using datasets::TraceRecord;

constexpr auto kCode = "E907_RNG_BUDGET_OR_COUNTERS";

Error trace_fault(const datasets::RecordProblem& problem, const char* detail, const std::string& what) {
  const auto place = problem.file + ", record " + std::to_string(problem.line);
  return Error(kCode, place + ": " + what).with("detail", detail).with("record", place);
}

Json totals_json(const Totals& totals) {
  return {{"events_total", totals.events}, {"blocks_total", totals.blocks}, {"draws_total", decimal(totals.draws)}};
}

class TraceScan {
 public:
  explicit TraceScan(Failures& failures) : failures_(failures) {}

  Result<void> take(std::span<TraceRecord> records) {
    for (const auto& record : records) {
      if (record.problem && !check(*record.problem)) continue;
      if (record.foreign) continue;
      auto& end = ends_[static_cast<std::size_t>(record.family)];
      ++end.rows;
      end.last = {record.events_total, record.blocks_total, record.draws_total};
    }
    return {};
  }
  const std::array<TraceEnd, 2>& ends() const { return ends_; }

 private:
  // False when the row counts for nothing.
  bool check(const datasets::RecordProblem& problem) {
    if (problem.other_run) {
      if (!run_mismatch_seen_) {
        failures_.record(trace_fault(problem, "rng_trace_run_id_mismatch", "belongs to run " + problem.run_id)
                             .with("observed", problem.run_id));
      }
      run_mismatch_seen_ = true;
      return false;
    }
    if (problem.malformed) {
      failures_.record(trace_fault(problem, "rng_trace_malformed", "not a JSON object"));
      return false;
    }
    if (problem.other_identity)
      failures_.record(trace_fault(problem, "rng_trace_identity_mismatch", "carries another seed"));
    if (!problem.faults.empty()) {
      failures_.record(trace_fault(problem, "rng_trace_schema_invalid", problem.faults.front())
                           .with("error", problem.faults.front()));
    }
    return true;
  }

  Failures& failures_;
  std::array<TraceEnd, 2> ends_;
  bool run_mismatch_seen_ = false;
};

}  // namespace

Result<std::array<TraceEnd, 2>> scan_trace(const store::RunFolder& run, work::Pool& pool, Failures& failures) {
  TraceScan scan(failures);
  PW_CHECK(datasets::read_trace(run, pool, [&](std::span<TraceRecord> records) { return scan.take(records); }));
  return scan.ends();
}

bool reconcile(datasets::EventFamily family, const Totals& totals, const TraceEnd& trace, Failures& failures) {
  if (trace.rows > 0 && trace.rows == totals.events && trace.last == totals) return true;
  const auto& names = datasets::names_of(family);
  failures.record(Error(kCode, "the trace of " + std::string(names.label) + " does not close the account of its events")
                      .with("detail", "rng_trace_mismatch")
                      .with("module", names.module)
                      .with("substream_label", names.label)
                      .with("events_total", totals.events)
                      .with("blocks_total", totals.blocks)
                      .with("draws_total", decimal(totals.draws))
                      .with("trace_rows", trace.rows)
                      .with("trace_totals", spaced(totals_json(trace.last))));
  return false;
}

Result<void> check_audit(const store::RunFolder& run, Failures& failures) {
  PW_TRY(const auto records, datasets::read_audit(run));
  if (records.empty()) {
    failures.record(Error(kCode, "the audit log holds no record").with("detail", "rng_audit_log_empty"));
    return {};
  }
  bool this_run = false;
  for (const auto& record : records) {
    this_run = this_run || record.this_run;
    if (!record.problem || (record.problem->faults.empty() && !record.problem->malformed)) continue;
    const auto error = record.problem->malformed ? "not a JSON object" : record.problem->faults.front();
    failures.record(trace_fault(*record.problem, "rng_audit_schema_invalid", error).with("error", error));
  }
  if (!this_run) {
    failures.record(
        Error(kCode, "no record of the audit log names this run").with("detail", "rng_audit_identity_mismatch"));
  }
  return {};
}

}  // namespace placewright::states::s9_validation
