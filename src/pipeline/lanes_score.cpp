// Lane verbs that only read a run and write an artefact.
#include "lanes/guard.hpp"
#include "lanes/popt.hpp"
#include "lanes/pretty.hpp"
#include "pipeline/status.hpp"
#include "placewright/lanes.hpp"
#include "store/files.hpp"

namespace placewright {
namespace {

namespace fs = std::filesystem;

fs::path place(const std::string& given, const std::string& runs_root, const std::string& name) {
  return fs::absolute(given.empty() ? fs::path(runs_root) / "reports" / name : fs::path(given));
}

Result<void> guard_into(const LaneGuardOptions& options, LaneResult& result) {
  lanes::GuardOptions how;
  how.runs_root = options.runs_root;
  how.run_id = options.run_id;
  how.authority = options.authority;
  how.concentration_max_regression = options.concentration_max_regression;
  how.bootstrap_samples = options.bootstrap_samples;
  how.bootstrap_seed = options.bootstrap_seed;
  PW_TRY(const auto outcome, lanes::freeze_guard(how));
  const auto& artefact = outcome.artefact;
  const auto file = place(options.out, options.runs_root, "segment1a_freeze_guard_" + options.run_id + ".json");
  PW_CHECK(lanes::write_pretty(file, artefact));
  result.json = lanes::pretty(artefact);
  for (const auto& [check, held] : artefact["guard_checks"].items()) {
    result.lines.push_back((held.get<bool>() ? "  holds  " : "  fails  ") + check);
  }
  result.lines.push_back("status: " + artefact["status"].get<std::string>());
  result.lines.push_back("artefact: " + file.string());
  if (artefact["status"] == "PASS") return {};
  if (!outcome.reason.empty()) return Error("LANE_GUARD_SURFACE", "run " + options.run_id + ": " + outcome.reason);
  return Error("LANE_GUARD_FAIL", "run " + options.run_id +
                                      " fails the freeze guard; regressed: " + artefact["regressed_B_metrics"].dump());
}

Result<void> write_scored(const lanes::Scored& scored, const fs::path& json, const fs::path& markdown,
                          LaneResult& result) {
  PW_CHECK(lanes::write_pretty(json, scored.json));
  PW_CHECK(store::write_text(markdown, scored.markdown));
  result.json = lanes::pretty(scored.json);
  result.lines = {json.string(), markdown.string()};
  return {};
}

Result<void> popt0_into(const LanePoptOptions& options, LaneResult& result) {
  PW_TRY(const auto scored, lanes::popt0(options.runs_root, options.run_id));
  return write_scored(
      scored, place(options.out_json, options.runs_root, "segment1b_popt0_baseline_" + options.run_id + ".json"),
      place(options.out_markdown, options.runs_root, "segment1b_popt0_hotspot_map_" + options.run_id + ".md"), result);
}

Result<void> popt1_into(const LanePoptOptions& options, LaneResult& result) {
  PW_TRY(const auto scored,
         lanes::popt1({options.runs_root, options.run_id, options.baseline, options.witness_a, options.witness_b}));
  const auto name = "segment1b_popt1_closure_" + options.run_id;
  return write_scored(scored, place(options.out_json, options.runs_root, name + ".json"),
                      place(options.out_markdown, options.runs_root, name + ".md"), result);
}

template <class Options>
LaneResult told(const Options& options, Result<void> (*into)(const Options&, LaneResult&)) {
  LaneResult result;
  result.json = "{}";
  result.status = pipeline::guarded([&] { return into(options, result); });
  return result;
}

}  // namespace

LaneResult lane_freeze_guard(const LaneGuardOptions& options) { return told(options, guard_into); }
LaneResult lane_popt0(const LanePoptOptions& options) { return told(options, popt0_into); }
LaneResult lane_popt1(const LanePoptOptions& options) { return told(options, popt1_into); }

}  // namespace placewright
