// `lane stage` and `lane rerun`: which identity the new run has, which states it takes over, and the run of the rest.
#include <cstdio>

#include "base/text.hpp"
#include "lanes/matrix.hpp"
#include "lanes/pretty.hpp"
#include "lanes/root.hpp"
#include "pipeline/lane_draft.hpp"
#include "pipeline/status.hpp"

namespace placewright {
namespace {

using pipeline::Lane;

bool new_identity(const LaneRerunOptions& o) {
  return !o.profile.empty() || !o.policies.empty() || !o.policy_files.empty() || !o.seed.empty() ||
         !o.catalogue.empty();
}

std::string taken_over(int from) {
  if (from <= 1) return "taken over: nothing";
  return "taken over: " + (from == 2 ? std::string("S1") : "S1 to " + lanes::state_name(from - 1)) +
         ", which read none of it";
}

void tell(const LaneRerunOptions& o, const Lane& lane, const std::string& run_id, LaneResult& result) {
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.1f", lane.plan.seconds_to_run);
  auto& lines = result.lines;
  lines.push_back("source: " + o.source);
  lines.push_back("run: " + run_id);
  lines.push_back("changed: " + (lane.changed.empty() ? "nothing" : join(lane.changed, ", ")));
  lines.push_back(taken_over(lane.from));
  lines.push_back("to run: S0, " + lanes::state_name(lane.from) + " to " + o.until + "; the source took " + seconds +
                  " s for them");
  const auto& s = lane.shared;
  if (s.files > 0) {
    lines.push_back("files: " + std::to_string(s.reflinked + s.hard_linked) + " shared, " + std::to_string(s.copied) +
                    " copied (" + bytes_text(s.bytes_copied) + " of " + bytes_text(s.bytes) + ")");
  }
}

Json states_of(const RunResult& done) {
  Json states = Json::array();
  for (const auto& state : done.states) {
    states.push_back(
        {{"state", state.state}, {"reused", state.reused}, {"seconds", state.seconds}, {"rows", state.rows}});
  }
  return states;
}

void tell_run(const RunResult& done, LaneResult& result, Json& json) {
  for (const auto& state : done.states) {
    char line[96];
    std::snprintf(line, sizeof line, "  %s %9.2f s %14s rows%s", state.state.c_str(), state.seconds,
                  grouped(state.rows).c_str(), state.reused ? "  (taken over)" : "");
    result.lines.emplace_back(line);
  }
  if (done.sites > 0) result.lines.push_back("sites: " + std::to_string(done.sites));
  if (!done.flag.empty()) result.lines.push_back("flag: " + done.flag);
  json["states"] = states_of(done);
  json["sites"] = done.sites;
  json["flag"] = done.flag;
}

Result<std::string> begin(const LaneRerunOptions& o, Lane& lane) {
  work::Pool pool(o.threads);
  PW_CHECK(pipeline::open_source(o, lane));
  lane.run.threads = o.threads;
  lane.run.memory_bytes = o.memory_bytes;
  lane.run.quiet = o.quiet;
  lane.run.until = o.until;
  return new_identity(o) ? pipeline::begin_own_lane(o, lane, pool) : pipeline::begin_fresh(o, lane, pool);
}

LaneResult carry_out(const LaneRerunOptions& o, bool run_it) {
  LaneResult result;
  result.json = "{}";
  Json json = Json::object();
  RunResult done;
  bool ran = false;
  result.status = pipeline::guarded([&]() -> Result<void> {
    PW_TRY(const auto lock, lanes::RootLock::take(o.runs_root, run_it ? "rerun" : "stage"));
    Lane lane;
    PW_TRY(const auto run_id, begin(o, lane));
    json = pipeline::stage_record(o, lane, run_id);
    tell(o, lane, run_id, result);
    if (o.dry_run || !run_it) return {};
    done = run(lane.run);
    ran = true;
    return {};
  });
  if (ran) {
    tell_run(done, result, json);
    result.status = done.status;
  }
  result.json = lanes::pretty(json);
  return result;
}

}  // namespace

LaneResult lane_stage(const LaneRerunOptions& options) { return carry_out(options, false); }
LaneResult lane_rerun(const LaneRerunOptions& options) { return carry_out(options, true); }

}  // namespace placewright
