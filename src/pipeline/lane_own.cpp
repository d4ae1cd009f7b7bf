// An own run with an identity of its own: other seed, policies or catalogue.
#include <algorithm>
#include <array>
#include <filesystem>

#include "base/text.hpp"
#include "catalogue/pack.hpp"
#include "contracts/embedded.hpp"
#include "datasets/seal.hpp"
#include "lanes/matrix.hpp"
#include "lanes/pretty.hpp"
#include "lanes/root.hpp"
#include "mass/blocks.hpp"
#include "pipeline/lane_draft.hpp"

namespace placewright::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr auto kPolicyFolder = "reference/config/layer1/1B/policy";

bool is_own(const store::Receipt& receipt) { return receipt.fields.value("contracts_layout", Json()) == "built_in"; }

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

struct PolicyFile {
  const char* name;
  const char* id;  // in the seal
  bool optional = false;
};
constexpr std::array<PolicyFile, 6> kPolicyFiles = {{{"policy.s2.tile_weights.yaml", "s2_tile_weights_policy"},
                                                     {"policy.s3.requirements.yaml", "s3_requirements_policy"},
                                                     {"policy.s4.alloc_plan.yaml", "s4_alloc_plan_policy"},
                                                     {"policy.s5.assignment.yaml", "assignment_policy", true},
                                                     {"policy.s6.jitter.yaml", "jitter_policy"},
                                                     {"policy.s9.validation.yaml", "validation_policy", true}}};

// Empty for an optional policy that is not there; `folder` goes before `profile`.
Result<std::string> policy_text(const PolicyFile& policy, const fs::path& folder, const std::string& profile) {
  if (folder.empty()) return std::string(contracts::embedded("profiles/" + profile + "/" + policy.name).value_or(""));
  std::error_code error;
  if (policy.optional && !fs::exists(folder / policy.name, error)) return std::string();
  return store::read_text(folder / policy.name);
}

// The policies of a profile, a folder or the source, with single ones replaced.
Result<std::string> policy_folder(const LaneRerunOptions& o, const Lane& lane) {
  const auto own = lane.source->root() / kPolicyFolder;
  const auto base = !o.policies.empty() ? fs::path(o.policies) : o.profile.empty() ? own : fs::path();
  if (o.policy_files.empty()) return base.string();
  const auto folder = fs::path(o.runs_root) / lanes::kStaging / "policies";
  std::error_code error;
  fs::remove_all(folder, error);  // of an earlier lane: an optional policy must not linger
  for (const auto& policy : kPolicyFiles) {
    PW_TRY(const auto text, policy_text(policy, base, o.profile));
    if (!text.empty()) PW_CHECK(store::write_text(folder / policy.name, text));
  }
  for (const auto& file : o.policy_files) {
    const auto name = fs::path(file).filename().string();
    if (std::ranges::none_of(kPolicyFiles, [&](const PolicyFile& policy) { return name == policy.name; }))
      return Error("PW_USAGE", "a run has no policy of the name " + name);
    PW_TRY(const auto text, store::read_text(file));
    PW_CHECK(store::write_text(folder / name, text));
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
      return id == "outlet_catalogue" || id == "s3_candidate_set" || id == "merchant_orientation" ||
             id.ends_with("_1A");
    });
  }
  const bool other_seed = target.identity().seed != lane.source->identity().seed;
  if (other_seed && mass::MassSource::published(*lane.source)) lane.changed.emplace_back("seed");
  lane.changed.emplace_back("identity");
  return {};
}

// What can be told before the new run has a folder: policies, seed, and whether another catalogue is named.
Result<void> foresee_changes(const LaneRerunOptions& o, Lane& lane) {
  for (const auto& policy : kPolicyFiles) {
    PW_TRY(const auto before, policy_text(policy, lane.source->root() / kPolicyFolder, {}));
    PW_TRY(const auto after, policy_text(policy, lane.run.policies, lane.run.profile));
    if (before != after) lane.changed.emplace_back(policy.id);
  }
  if (!o.seed.empty() && mass::MassSource::published(*lane.source)) lane.changed.emplace_back("seed");
  if (!o.catalogue.empty()) lane.changed.emplace_back("outlet_catalogue");
  lane.changed.emplace_back("identity");
  return {};
}

}  // namespace

Result<std::string> begin_own_lane(const LaneRerunOptions& o, Lane& lane, work::Pool& pool) {
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
  PW_TRY(const auto foreseen, begin_own(lane.run, log, pool));
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
  PW_TRY(const auto session, begin_own(lane.run, log, pool));
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

}  // namespace placewright::pipeline
