#include "datasets/events.hpp"
#include "datasets/log_file.hpp"
#include "store/files.hpp"

namespace placewright::datasets {
namespace {

template <class Event>
Event as_event(const EventRecord& r) {
  if constexpr (std::is_same_v<Event, AssignmentEvent>) {
    return {r.site, r.tile, r.before, r.u};
  } else {
    return {r.site, 0, r.delta_lat, r.delta_lon, r.sigma_lat, r.before};
  }
}

template <class Event>
Result<std::uint64_t> rewrite(const store::RunFolder& run, const EventLog& log, const fs::path& staging,
                              work::Pool& pool) {
  PW_TRY(auto writer, EventWriter<Event>::create(staging, LogForm::jsonl, run.identity(), pool));
  std::vector<Event> events;
  PW_CHECK(log.read(pool, [&](std::span<EventRecord> records) -> Result<void> {
    events.clear();
    for (const auto& r : records) {
      if (!r.good()) {
        return Error("PW_TABLE",
                     r.problem->file + " row " + std::to_string(r.problem->line) + ": " + r.problem->faults.front());
      }
      events.push_back(as_event<Event>(r));
    }
    return writer.write(events);
  }));
  return writer.close();
}

Result<void> move_file(const fs::path& from, const fs::path& to) {
  PW_CHECK(store::make_folder(to.parent_path()));
  return store::rename_path(from, to);
}

}  // namespace

Result<ExportedLogs> export_events_jsonl(const store::RunFolder& run, const fs::path& out, work::Pool& pool) {
  ExportedLogs result;
  PW_TRY(const auto trace_name, run.relative("rng_trace_log"));
  PW_CHECK(store::make_folder((out / trace_name).parent_path()));
  PW_TRY(auto trace, LogWriter::create(out / trace_name));
  for (const auto family : {EventFamily::assignment, EventFamily::jitter}) {
    const auto& names = names_of(family);
    PW_TRY(const auto log, EventLog::open(run, family));
    if (log.empty()) return Error("PW_INPUT", "the run has no events of " + std::string(names.label));
    PW_TRY(const auto name, run.relative(names.dataset));
    const auto staging = out / (".staging_" + std::string(names.label));
    const auto write = family == EventFamily::assignment ? rewrite<AssignmentEvent> : rewrite<JitterEvent>;
    PW_TRY(const auto events, write(run, log, staging, pool));
    result.events += events;
    PW_CHECK(append_file(staging / "trace.jsonl", trace));
    result.files.push_back(out / name / "part-00000.jsonl");
    PW_CHECK(move_file(staging / "events" / "part-00000.jsonl", result.files.back()));
    std::error_code ignored;
    fs::remove_all(staging, ignored);
  }
  PW_CHECK(trace.close());
  result.files.push_back(out / trace_name);
  PW_TRY(const auto audit, run.target("rng_audit_log"));
  PW_TRY(const auto audit_name, run.relative("rng_audit_log"));
  PW_TRY(const auto audit_text, store::read_text(audit));
  PW_CHECK(store::write_text(out / audit_name, audit_text));
  result.files.push_back(out / audit_name);
  return result;
}

}  // namespace placewright::datasets
