// `lane certify`: the runs of a certification, made as lanes over one source.
#include <filesystem>

#include "base/json.hpp"
#include "lanes/pretty.hpp"
#include "pipeline/status.hpp"
#include "placewright/lanes.hpp"
#include "placewright/score.hpp"
#include "store/files.hpp"

namespace placewright {
namespace {

struct Planned {
  std::uint64_t seed = 0;
  std::string profile;  // empty: the source's policies
};

std::vector<std::string> profiles_of(const LaneCertifyOptions& options) {
  return options.profiles.empty() ? std::vector<std::string>{""} : options.profiles;
}

std::vector<Planned> plan_of(const LaneCertifyOptions& options) {
  std::vector<Planned> plan;
  for (const auto& profile : profiles_of(options)) {
    for (const auto seed : options.seeds) plan.push_back({seed, profile});
  }
  return plan;
}

// One run of the plan. A run that is there and whole is reused state by state.
Json carry_out(const LaneCertifyOptions& options, const Planned& planned) {
  LaneRerunOptions lane;
  lane.runs_root = options.runs_root;
  lane.source = options.source;
  lane.seed = std::to_string(planned.seed);
  lane.profile = planned.profile;
  lane.threads = options.threads;
  lane.quiet = options.quiet;
  const auto done = lane_rerun(lane);
  const auto told = parse_json(done.json, "lane rerun");
  const auto field = [&](const char* name) { return told && told->is_object() ? told->value(name, Json()) : Json(); };
  const bool passed = done.status && field("flag") == "PASS";
  Json run = {{"seed", planned.seed},  {"profile", planned.profile}, {"run_id", field("dst_run_id")},
              {"from", field("from")}, {"flag", field("flag")},      {"status", passed ? "PASS" : "FAIL"}};
  if (!done.status) run["error"] = {{"code", done.status.code}, {"message", done.status.message}};
  return run;
}

std::string line_of(const Json& run) {
  const auto text = [](const Json& value) { return value.is_string() ? value.get<std::string>() : std::string("-"); };
  const auto profile = text(run["profile"]);
  return "seed " + run["seed"].dump() + "  " + (profile.empty() ? "source's policies" : profile) + "  " +
         text(run["run_id"]) + "  " + text(run["status"]);
}

// The certificate of one set of policies, over its runs that passed; a missing seed fails it there.
Json certificate(const LaneCertifyOptions& options, const std::string& profile, const Json& runs, LaneResult& result) {
  CertifyOptions how;
  for (const auto& run : runs) {
    if (run["profile"] == profile && run["status"] == "PASS") {
      how.runs.push_back((std::filesystem::path(options.runs_root) / run["run_id"].get<std::string>()).string());
    }
  }
  how.require = options.require;
  how.out = (std::filesystem::path(options.runs_root) / "reports" / (profile.empty() ? "" : profile)).string();
  how.threads = options.threads;
  const auto scored = score_certify(how);
  result.lines.push_back(scored.text);
  return {{"profile", profile},         {"files", scored.files},
          {"require", options.require}, {"earned", static_cast<bool>(scored.status)},
          {"code", scored.status.code}, {"message", scored.status.message}};
}

}  // namespace

LaneResult lane_certify(const LaneCertifyOptions& options) {
  LaneResult result;
  result.json = "{}";
  result.status = pipeline::guarded([&]() -> Result<void> {
    Json runs = Json::array(), failed = Json::array();
    for (const auto& planned : plan_of(options)) {
      runs.push_back(carry_out(options, planned));
      result.lines.push_back(line_of(runs.back()));
      if (runs.back()["status"] != "PASS") failed.push_back(planned.seed);
    }
    Json certificates = Json::array();
    bool earned = true;
    for (const auto& profile : profiles_of(options)) {
      certificates.push_back(certificate(options, profile, runs, result));
      earned = earned && certificates.back()["earned"].get<bool>();
    }
    const Json plan = {{"source_run_id", options.source},
                       {"required_seeds", options.seeds},
                       {"runs", runs},
                       {"failed_seeds", failed},
                       {"certificates", certificates},
                       {"generated_utc", store::wall_time().substr(0, 19) + "Z"}};
    const auto file = std::filesystem::path(options.runs_root) / "reports/segment1b_p5_certification_plan.json";
    PW_CHECK(lanes::write_pretty(file, plan));
    result.json = lanes::pretty(plan);
    result.lines.push_back("plan: " + file.string());
    if (!failed.empty()) return Error("LANE_SEEDS", "seeds without a run that passed: " + compact(failed));
    if (!earned) return Error("RS_NOT_CERTIFIED", "the runs do not earn " + options.require + "; see " + file.string());
    return {};
  });
  return result;
}

}  // namespace placewright
