#include "placewright/run.hpp"

#include <cmath>
#include <filesystem>

#include "base/codes.hpp"
#include "base/text.hpp"
#include "pipeline/execute.hpp"
#include "pipeline/forms.hpp"
#include "pipeline/grader.hpp"
#include "pipeline/plan.hpp"
#include "pipeline/published.hpp"
#include "pipeline/session.hpp"
#include "pipeline/size.hpp"
#include "pipeline/status.hpp"
#include "realism/attainability.hpp"
#include "realism/filter.hpp"
#include "states/s9_validation/level.hpp"
#include "store/files.hpp"

namespace placewright {
namespace {

namespace fs = std::filesystem;
using pipeline::Session;

Result<states::PublishForm> publish_form(const std::string& name) {
  if (name == "rows") return states::PublishForm::rows;
  if (name == "spans") return states::PublishForm::spans;
  return Error("PW_USAGE", "--publish takes rows or spans, not " + name);
}

Result<states::EventForm> event_form(const std::string& name) {
  if (name == "jsonl") return states::EventForm::jsonl;
  if (name == "parquet") return states::EventForm::parquet;
  return Error("PW_USAGE", "--events takes jsonl or parquet, not " + name);
}

// Where the command line says nothing: an own run is compact, an existing one goes on as it began, or, begun by another
// program, in the reference's form.
pipeline::Forms forms_of(const RunOptions& options, const store::RunFolder& run) {
  const pipeline::Forms compact{"spans", "parquet", {}}, reference{"rows", "jsonl", {}};
  auto forms = options.catalogue.empty() ? pipeline::published_forms(run.root()).value_or(reference) : compact;
  if (!options.publish.empty()) forms.publish = options.publish;
  if (!options.events.empty()) forms.events = options.events;
  return forms;
}

// The predicate goes by name: what S1 does with an unknown one is its own coded refusal (E008).
Result<geo::Predicate> predicate(const RunOptions& options) {
  if (const auto known = geo::predicate_named(options.predicate)) return *known;
  return Error("E008_INCLUSION_RULE",
               "--predicate takes center, any_overlap or center_or_overlap, not " + options.predicate);
}

Result<void> check_use(const RunOptions& options) {
  const bool attached = !options.run_id.empty() || !options.runs_root.empty();
  if (!options.catalogue.empty() && attached) {
    return Error("PW_USAGE", "--catalogue begins an own run under --out; it does not go with --runs-root or --run-id");
  }
  if (options.catalogue.empty() && !attached) {
    return Error("PW_USAGE", "give --catalogue FILE for a new run, or --runs-root DIR [--run-id ID] for an existing one");
  }
  if (attached && (options.profile != RunOptions().profile || !options.policies.empty())) {
    return Error("PW_USAGE", "an attached run takes its policies from its external roots; --profile and --policies do not apply");
  }
  return {};
}

// Said before S1, since no placement moves a gate that the catalogue decides. Never a reason to stop.
void say_attainability(const Session& session, report::Log& log) {
  if (session.outlets_by_country.empty()) return;
  const auto policy = session.run->locate("s3_requirements_policy");
  const auto filter = policy ? realism::read_filter(*policy) : Result<realism::Filter>(realism::Filter());
  const auto denied = filter ? filter->dropped() : std::vector<Iso>();
  for (const auto& line : realism::lines(realism::attainability({session.outlets_by_country, denied}))) log.info(line);
}

void sweep_staging(const fs::path& run_root) {
  std::error_code ignored;
  fs::remove_all(run_root / "tmp", ignored);
}

// Figures of the finished run, read from its published reports.
void read_outcome(const store::RunFolder& run, RunResult& result) {
  const auto number = [&](const char* dataset, const char* pointer) -> std::uint64_t {
    const auto path = run.target(dataset);
    if (!path) return 0;
    const auto json = store::read_json(*path);
    if (!json) return 0;
    const auto at = Json::json_pointer(pointer);
    return json->contains(at) && (*json)[at].is_number_unsigned() ? (*json)[at].get<std::uint64_t>() : 0;
  };
  result.outlets = number("s3_run_report", "/source_rows_total");
  result.outlets_dropped = number("s3_run_report", "/sites_dropped_by_policy");
  result.sites = number("s8_run_summary", "/sizes/rows_s8");
}

Result<void> run_states(const RunOptions& options, RunResult& result) {
  PW_CHECK(check_use(options));
  PW_TRY(const auto range, pipeline::parse_range(options.from, options.until));
  report::Log log(options.quiet ? report::Verbosity::quiet : report::Verbosity::normal);
  work::Pool pool(options.threads);
  const bool own = !options.catalogue.empty();
  if (!options.publish.empty()) PW_CHECK(publish_form(options.publish));
  if (!options.events.empty()) PW_CHECK(event_form(options.events));
  PW_TRY(const auto rule, predicate(options));
  std::vector<std::string> warnings;
  const auto resolved = pipeline::with_environment(options, warnings);
  for (const auto& warning : warnings) log.warn(warning);
  PW_TRY(auto session, own ? pipeline::begin_own(resolved, log, pool) : pipeline::attach(resolved));
  const auto& run = *session.run;
  const auto forms = forms_of(options, run);
  PW_TRY(const auto publish, publish_form(forms.publish));
  PW_TRY(const auto events, event_form(forms.events));
  result.run_folder = run.root().string();
  states::Context context{
      run, log, pool, rule, publish, events, session.build_commit, options.memory_bytes, pipeline::grader(run, pool)};
  PW_CHECK(states::s9_validation::read_validation_policy(run));  // a mistake in it should not wait for S9
  PW_TRY(const auto size, pipeline::estimate(context, session.outlets, session.weights_policy));
  if (options.dry_run) {
    result.notes = session.notes;
    const auto lines = pipeline::describe(context, range, size);
    result.notes.insert(result.notes.end(), lines.begin(), lines.end());
    return {};
  }
  PW_CHECK(pipeline::check_room(context, size));
  sweep_staging(run.root());
  PW_CHECK(log.open(run.root() / ("run_log_" + run.identity().run_id + ".log")));
  for (const auto& note : session.notes) log.info(note);
  if (range.first <= 1) say_attainability(session, log);
  const auto done = pipeline::execute(context, range, result.states);
  PW_CHECK(pipeline::write_state_table(run, result.states, pool.threads()));
  read_outcome(run, result);
  if (range.last == 9 && (done || done.error().code() == "E_VALIDATION_FAILED")) result.flag = done ? "PASS" : "FAIL";
  sweep_staging(run.root());
  return done;
}

}  // namespace

RunResult run(const RunOptions& options) {
  RunResult result;
  result.status = pipeline::guarded([&] { return run_states(options, result); });
  return result;
}

}  // namespace placewright
