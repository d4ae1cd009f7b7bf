// `lane stage` and `lane rerun`: which identity the new run has, which states it takes over, and the run of the rest.
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <random>

#include "base/text.hpp"
#include "catalogue/pack.hpp"
#include "contracts/embedded.hpp"
#include "mass/blocks.hpp"
#include "datasets/seal.hpp"
#include "lanes/matrix.hpp"
#include "lanes/pretty.hpp"
#include "lanes/root.hpp"
#include "lanes/stage.hpp"
#include "pipeline/session.hpp"
#include "pipeline/status.hpp"
#include "placewright/lanes.hpp"

namespace placewright {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

constexpr auto kPolicyFolder = "reference/config/layer1/1B/policy";
constexpr auto kStageRecord = "lane_stage.json";

struct Lane {
  store::Receipt source_receipt;
  std::unique_ptr<contracts::Dictionary> dictionary;
  std::unique_ptr<store::RunFolder> source;
  Json seal;
  std::vector<std::string> changed;  // ids of inputs that differ from what the source read
  int from = 0;
  RunOptions run;  // how the new run is run
  lanes::StagePlan plan;
  lanes::Shared shared;
};

bool is_own(const store::Receipt& receipt) { return receipt.fields.value("contracts_layout", Json()) == "built_in"; }

bool new_identity(const LaneRerunOptions& o) {
  return !o.profile.empty() || !o.policies.empty() || !o.policy_files.empty() || !o.seed.empty() ||
         !o.catalogue.empty();
}

std::string fresh_id() {
  std::random_device device;
  std::string id;
  for (int i = 0; i < 4; ++i) {
    char word[9];
    std::snprintf(word, sizeof word, "%08x", static_cast<unsigned>(device()));
    id += word;
  }
  return id;
}

Result<void> open_source(const LaneRerunOptions& o, Lane& lane) {
  const auto root = fs::path(o.runs_root) / o.source;
  auto receipt = store::read_receipt(root);
  if (!receipt) return std::move(receipt).error().as("LANE_RUN");
  lane.source_receipt = std::move(*receipt);
  PW_TRY(auto dictionary, pipeline::load_contracts(o.contracts_root, o.contracts_layout));
  lane.dictionary = std::make_unique<contracts::Dictionary>(std::move(dictionary));
  lane.source = std::make_unique<store::RunFolder>(
      root, lane.source_receipt.identity, pipeline::external_roots(lane.source_receipt.fields, o.external_roots),
      *lane.dictionary);
  auto seal = datasets::sealed_by(*lane.source);
  if (!seal) return Error("LANE_SOURCE", "run " + o.source + ": " + seal.error().message());
  lane.seal = std::move(*seal);
  return {};
}

// Tables, events and predicate as the source has them: only such a run can take its states over.
Result<void> forms_of_source(Lane& lane) {
  const auto receipt = lanes::state_receipt(lane.source->root(), 1);
  if (!receipt) return Error("LANE_SOURCE", "run " + lane.source->identity().run_id + " has not finished S1");
  const auto forms = split(receipt->value(Json::json_pointer("/measured/publish_and_events"), std::string()), ' ');
  if (forms.size() != 3) return Error("LANE_SOURCE", "the receipt of S1 does not tell the form of its tables");
  lane.run.publish = forms[0];
  lane.run.events = forms[1];
  lane.run.predicate = forms[2];
  return {};
}

// The first state that the change reaches, against the one asked for.
Result<void> choose_from(const LaneRerunOptions& o, Lane& lane, int otherwise) {
  const int stale = lanes::first_stale(lane.changed);
  if (o.from.empty()) {
    lane.from = stale < lanes::kStates ? stale : otherwise;
    return {};
  }
  PW_TRY(lane.from, lanes::state_number(o.from));
  if (lane.from <= stale) return {};
  return Error("LANE_STALE", o.from + " is too late: " + lanes::state_name(stale) + " reads what has changed (" +
                                 join(lane.changed, ", ") + ")");
}

Json stage_record(const LaneRerunOptions& o, const Lane& lane, const std::string& run_id) {
  Json surfaces = Json::array();
  for (const auto& surface : lane.plan.surfaces) {
    surfaces.push_back({{"label", surface.label},
                        {"src", surface.from.generic_string()},
                        {"dst", surface.to.generic_string()},
                        {"rekeyed", surface.rekeyed}});
  }
  const auto& shared = lane.shared;
  return {{"src_run_id", o.source},
          {"dst_run_id", run_id},
          {"src_runs_root", o.runs_root},
          {"dst_runs_root", o.runs_root},
          {"from", lanes::state_name(lane.from)},
          {"changed_inputs", lane.changed},
          {"staged_at_utc", store::wall_time()},
          {"mode", shared.copied == shared.files ? "copy"
                   : shared.hard_linked > 0      ? "hard_link"
                                                 : "reflink"},
          {"files",
           {{"reflinked", shared.reflinked},
            {"hard_linked", shared.hard_linked},
            {"copied", shared.copied},
            {"bytes", shared.bytes},
            {"bytes_copied", shared.bytes_copied}}},
          {"linked_surfaces", surfaces},
          {"estimated_seconds", lane.plan.seconds_to_run}};
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

// ---- a run of the source's identity under a fresh id

Json fresh_receipt(const LaneRerunOptions& o, const Lane& lane, const std::string& run_id) {
  Json receipt = lane.source_receipt.fields;
  const auto now = store::wall_time();
  receipt["run_id"] = run_id;
  receipt["created_utc"] = now;
  receipt["runs_root"] = o.runs_root;
  receipt["staged_from_run_id"] = o.source;
  receipt["staged_from_runs_root"] = o.runs_root;
  receipt["staged_mode"] = "share";
  receipt["staged_utc"] = now;
  if (!o.external_roots.empty()) receipt["external_roots"] = o.external_roots;
  return receipt;
}

bool staged_before(const fs::path& run_root, const std::string& source) {
  const auto record = store::read_json(run_root / kStageRecord);
  return record && record->is_object() && record->value("src_run_id", Json()) == source;
}

// Made aside and renamed into place: a run that is there is whole.
Result<void> make_fresh(const LaneRerunOptions& o, const std::string& run_id, Lane& lane) {
  const auto aside = fs::path(o.runs_root) / lanes::kStaging / run_id, place = fs::path(o.runs_root) / run_id;
  auto identity = lane.source->identity();
  identity.run_id = run_id;
  const store::RunFolder target(aside, identity, {}, *lane.dictionary);
  PW_TRY(lane.plan, lanes::plan_stage(*lane.source, target, lane.from, true));
  if (o.dry_run) return {};
  PW_TRY(lane.shared, lanes::stage(lane.plan, *lane.source, target));
  for (const char* folder : {"data", "logs", "reports"}) PW_CHECK(store::make_folder(aside / folder));
  for (auto& surface : lane.plan.surfaces) surface.to = place / surface.to.lexically_relative(aside);
  PW_CHECK(lanes::write_pretty(aside / kStageRecord, stage_record(o, lane, run_id)));
  PW_CHECK(lanes::write_pretty(aside / "run_receipt.json", fresh_receipt(o, lane, run_id)));
  return store::rename_path(aside, place);
}

Result<std::string> begin_fresh(const LaneRerunOptions& o, Lane& lane, work::Pool& pool) {
  if (!o.run_id.empty() && !is_hex(o.run_id, 32))
    return Error("PW_USAGE", "a run id has 32 lower-case hex digits, not " + o.run_id);
  const auto run_id = o.run_id.empty() ? fresh_id() : o.run_id;
  lane.run.runs_root = o.runs_root;
  lane.run.run_id = run_id;
  lane.run.external_roots = o.external_roots;
  lane.run.contracts_root = o.contracts_root;
  lane.run.contracts_layout = o.contracts_layout;
  PW_TRY(lane.changed, datasets::differing_inputs(*lane.source, lane.seal, pool));
  PW_CHECK(choose_from(o, lane, 4));
  std::error_code error;
  if (!fs::exists(fs::path(o.runs_root) / run_id, error)) {
    PW_CHECK(make_fresh(o, run_id, lane));
  } else if (!staged_before(fs::path(o.runs_root) / run_id, o.source)) {
    return Error("LANE_EXISTS", "run " + run_id + " exists and was not staged from " + o.source);
  }
  return run_id;
}

// ---- an own run of its own identity

Result<std::string> pack_of_source(const LaneRerunOptions& o, const Lane& lane) {
  const auto wanted = lane.source_receipt.fields.value("catalogue_pack_digest", std::string());
  std::error_code error;
  std::vector<fs::path> packs;
  for (const auto& entry : fs::directory_iterator(fs::path(o.runs_root) / "packs", error))
    packs.push_back(entry.path());
  std::ranges::sort(packs);
  for (const auto& pack : packs) {
    const auto opened = catalogue::open_pack(pack);
    if (opened && opened->digest == wanted) return pack.string();
  }
  return Error("LANE_SOURCE", "the catalogue of run " + o.source + " is not below " + o.runs_root +
                                  "/packs; name it with --catalogue");
}

// The policies of a profile, a folder or the source, with single ones replaced.
Result<std::string> policy_folder(const LaneRerunOptions& o, const Lane& lane) {
  const auto own = lane.source->root() / kPolicyFolder;
  if (o.policy_files.empty()) return o.policies.empty() && o.profile.empty() ? own.string() : o.policies;
  const auto folder = fs::path(o.runs_root) / lanes::kStaging / "policies";
  for (const auto& entry : fs::directory_iterator(own)) {
    const auto name = entry.path().filename().string();
    auto text =
        o.profile.empty()
            ? store::read_text(o.policies.empty() ? entry.path() : fs::path(o.policies) / name)
            : Result<std::string>(std::string(contracts::embedded("profiles/" + o.profile + "/" + name).value_or("")));
    if (!text) return std::move(text).error();
    PW_CHECK(store::write_text(folder / name, *text));
  }
  for (const auto& file : o.policy_files) {
    std::error_code error;
    const auto place = folder / fs::path(file).filename();
    if (!fs::exists(place, error))
      return Error("PW_USAGE", "a run has no policy of the name " + place.filename().string());
    PW_TRY(const auto text, store::read_text(file));
    PW_CHECK(store::write_text(place, text));
  }
  return folder.string();
}

Result<void> own_options(const LaneRerunOptions& o, Lane& lane) {
  const auto& fields = lane.source_receipt.fields;
  auto& run = lane.run;
  run.out = o.runs_root;
  run.seed = lane.source->identity().seed;
  if (!o.seed.empty()) {
    const auto seed = parse_u64(o.seed);
    if (!seed) return Error("PW_USAGE", "--seed takes a number from 0 to 2^64-1, not " + o.seed);
    run.seed = *seed;
  }
  const auto roots = fields.value("external_roots", Json::array());
  if (roots.empty()) return Error("LANE_SOURCE", "the receipt of run " + o.source + " does not name its world");
  run.world = roots[0].get<std::string>();
  if (!o.profile.empty()) run.profile = o.profile;
  PW_TRY(run.policies, policy_folder(o, lane));
  if (o.catalogue.empty()) {
    PW_TRY(run.catalogue, pack_of_source(o, lane));
  } else {
    run.catalogue = o.catalogue;
  }
  return {};
}

// The surfaces of the catalogue hold the fingerprint, so their bytes differ with it; the pack's digest decides.
Result<void> own_changes(const store::RunFolder& target, Lane& lane, work::Pool& pool) {
  const auto pack = [](const fs::path& root) {
    const auto receipt = store::read_receipt(root);
    return receipt ? receipt->fields.value("catalogue_pack_digest", std::string()) : std::string();
  };
  PW_TRY(lane.changed, datasets::differing_inputs(target, lane.seal, pool));
  if (pack(target.root()) == pack(lane.source->root())) {
    std::erase_if(lane.changed, [](const std::string& id) {
      return id == "outlet_catalogue" || id == "s3_candidate_set" || id == "merchant_orientation" || id.ends_with("_1A");
    });
  }
  const bool other_seed = target.identity().seed != lane.source->identity().seed;
  if (other_seed && mass::MassSource::published(*lane.source)) lane.changed.emplace_back("seed");
  lane.changed.emplace_back("identity");
  return {};
}

struct PolicyFile {
  const char* name;
  const char* id;  // in the seal
};
constexpr std::array<PolicyFile, 5> kPolicyFiles = {{{"policy.s2.tile_weights.yaml", "s2_tile_weights_policy"},
                                                     {"policy.s3.requirements.yaml", "s3_requirements_policy"},
                                                     {"policy.s4.alloc_plan.yaml", "s4_alloc_plan_policy"},
                                                     {"policy.s5.assignment.yaml", "assignment_policy"},
                                                     {"policy.s6.jitter.yaml", "jitter_policy"}}};

// The policy of S5 may be absent.
Result<std::string> text_or_nothing(const fs::path& file) {
  std::error_code error;
  return fs::exists(file, error) ? store::read_text(file) : Result<std::string>(std::string());
}

// What can be told before the new run has a folder: policies, seed, and whether another catalogue is named.
Result<void> foresee_changes(const LaneRerunOptions& o, Lane& lane) {
  for (const auto& policy : kPolicyFiles) {
    PW_TRY(const auto before, text_or_nothing(lane.source->root() / kPolicyFolder / policy.name));
    std::string after(contracts::embedded("profiles/" + lane.run.profile + "/" + policy.name).value_or(""));
    if (!lane.run.policies.empty()) {
      PW_TRY(after, text_or_nothing(fs::path(lane.run.policies) / policy.name));
    }
    if (before != after) lane.changed.emplace_back(policy.id);
  }
  if (!o.seed.empty() && mass::MassSource::published(*lane.source)) lane.changed.emplace_back("seed");
  if (!o.catalogue.empty()) lane.changed.emplace_back("outlet_catalogue");
  lane.changed.emplace_back("identity");
  return {};
}

Result<std::string> begin_own(const LaneRerunOptions& o, Lane& lane, work::Pool& pool) {
  if (!is_own(lane.source_receipt)) {
    return Error("PW_USAGE",
                 "run " + o.source + " takes its policies from its external roots; name others with --external-root");
  }
  if (!o.run_id.empty())
    return Error("PW_USAGE",
                 "the id of a run with other policies, seed or catalogue follows from them; leave --run-id away");
  PW_CHECK(own_options(o, lane));
  report::Log log(report::Verbosity::quiet);
  lane.run.dry_run = true;
  PW_TRY(const auto foreseen, pipeline::begin_own(lane.run, log, pool));
  const auto run_id = foreseen.run->identity().run_id;
  if (run_id == o.source) {  // the same inputs are the same run: nothing to take over, and nothing to do
    lane.from = lanes::kStates - 1;
    lane.run.dry_run = false;
    return run_id;
  }
  // Before anything is written: can the source give what it has to?
  PW_CHECK(foresee_changes(o, lane));
  PW_CHECK(choose_from(o, lane, 9));
  PW_TRY(lane.plan, lanes::plan_stage(*lane.source, *foreseen.run, lane.from, false));
  if (o.dry_run) return run_id;
  lane.run.dry_run = false;
  PW_TRY(const auto session, pipeline::begin_own(lane.run, log, pool));
  std::error_code error;
  const auto memory = session.run->root() / "cache/sealed_files.json";
  if (!fs::exists(memory, error)) {
    if (const auto text = store::read_text(lane.source->root() / "cache/sealed_files.json"))
      PW_CHECK(store::write_text(memory, *text));
  }
  PW_CHECK(own_changes(*session.run, lane, pool));
  PW_CHECK(choose_from(o, lane, 9));
  PW_TRY(lane.plan, lanes::plan_stage(*lane.source, *session.run, lane.from, false));
  PW_CHECK(lanes::write_pretty(session.run->root() / kStageRecord, stage_record(o, lane, run_id)));
  PW_TRY(lane.shared, lanes::stage(lane.plan, *lane.source, *session.run));
  PW_CHECK(lanes::write_pretty(session.run->root() / kStageRecord, stage_record(o, lane, run_id)));
  return run_id;
}

// ---- both

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
  PW_CHECK(open_source(o, lane));
  PW_CHECK(forms_of_source(lane));
  lane.run.threads = o.threads;
  lane.run.memory_bytes = o.memory_bytes;
  lane.run.quiet = o.quiet;
  lane.run.until = o.until;
  return new_identity(o) ? begin_own(o, lane, pool) : begin_fresh(o, lane, pool);
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
    json = stage_record(o, lane, run_id);
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
