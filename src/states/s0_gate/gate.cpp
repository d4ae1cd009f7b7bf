#include "states/s0_gate/gate.hpp"

#include <algorithm>
#include <functional>

#include "base/text.hpp"
#include "datasets/seal.hpp"
#include "states/s0_gate/bundle.hpp"
#include "states/s0_gate/catalogue.hpp"
#include "states/s0_gate/entries.hpp"
#include "states/s0_gate/licences.hpp"
#include "store/files.hpp"
#include "store/publish.hpp"

namespace placewright::states::s0_gate {
namespace {

using datasets::Input;

// A damaged table fails its lineage check first; the digest names the cause better.
Result<void> check_catalogue(Context& context, const UpstreamBundle& bundle) {
  PW_CHECK(check_place(context.run));
  auto lineage = check_lineage(context);
  if (lineage || lineage.error().code() != "PW_TABLE") return lineage;
  PW_TRY(auto input, datasets::find_input(context.run, "outlet_catalogue"));
  std::vector<Input> inputs = {std::move(input)};
  PW_CHECK(datasets::hash_inputs(inputs, context.pool));
  PW_CHECK(check_digest(inputs.front(), bundle.egress));
  const auto what = lineage.error().message();
  return std::move(lineage).error().as("E_PATH_EMBED_MISMATCH").with("detail", what).with("dataset_id", "outlet_catalogue");
}

// In the order of datasets::sealed_ids, the region table last; hashed.
Result<std::vector<Input>> collect_inputs(Context& context) {
  std::vector<Input> inputs;
  for (const auto& id : datasets::sealed_ids(context.run)) {
    PW_TRY(auto input, datasets::find_input(context.run, id));
    if (input.root == "absent") context.log.info("S0: " + id + " is not there and not needed; it is left out of the seal");
    inputs.push_back(std::move(input));
  }
  PW_TRY(auto regions, datasets::find_regions(context.run));
  inputs.push_back(std::move(regions));
  PW_CHECK(datasets::hash_inputs(inputs, context.pool));
  return inputs;
}

const Input* find(const std::vector<Input>& inputs, std::string_view id) {
  const auto it = std::ranges::find(inputs, id, &Input::id);
  return it != inputs.end() && it->root != "absent" ? &*it : nullptr;
}

Result<void> check_licences(Context& context, const std::vector<Input>& inputs) {
  const auto* map = find(inputs, "license_map");
  const auto gap = map ? licence_gap(context.run, *map) : std::string("there is no licence map");
  if (gap.empty()) return {};
  if (!context.run.dictionary().foreign()) return Error("E_LICENCE_NOT_COVERED", gap).with("detail", gap).with("dataset_id", "license_map");
  context.log.warn("S0: " + gap);
  return {};
}

Result<std::string> digest_of(const Input& input, const UpstreamBundle& bundle) {
  if (input.id == "validation_bundle_1A") return bundle.sha256_hex;
  if (input.id == "outlet_catalogue") return check_digest(input, bundle.egress);
  return datasets::dataset_digest(input);
}

// The ten sealed inputs as published, by asset_id.
Result<Json> sealed_inputs(const store::RunFolder& run, const std::vector<Input>& inputs, const UpstreamBundle& bundle) {
  auto ids = datasets::kSealedInputs;
  std::ranges::sort(ids);
  Json out = Json::array();
  for (const auto id : ids) {
    const auto* input = find(inputs, id);
    if (!input) continue;
    PW_TRY(const auto digest, digest_of(*input, bundle));
    PW_TRY(const auto version, run.version(id));
    PW_TRY(const auto partition, run.partition(id));
    PW_TRY(const auto schema_ref, run.dictionary().field(id, "schema_ref"));
    Json tokens = Json::object();
    for (const auto& [key, value] : partition) tokens[key] = value;
    out.push_back({{"asset_id", id},
                   {"version_tag", version},
                   {"sha256_hex", digest},
                   {"path", run.shown(input->location)},
                   {"partition", std::move(tokens)},
                   {"schema_ref", schema_ref}});
  }
  return out;
}

// The bundle's path template with the fingerprint alone replaced, trailing slash kept.
Result<std::string> bundle_path(const store::RunFolder& run) {
  PW_TRY(auto path, run.dictionary().field("validation_bundle_1A", "path"));
  constexpr std::string_view kToken = "{manifest_fingerprint}";
  for (auto at = path.find(kToken); at != std::string::npos; at = path.find(kToken)) {
    path.replace(at, kToken.size(), run.identity().manifest_fingerprint);
  }
  return path;
}

Result<Json> gate_receipt(const store::RunFolder& run, const std::vector<Input>& inputs, const UpstreamBundle& bundle) {
  std::vector<std::string_view> ids(kReceiptOnly.begin(), kReceiptOnly.end());
  for (const auto id : datasets::kSealedInputs) {
    if (find(inputs, id)) ids.push_back(id);
  }
  std::ranges::sort(ids);
  Json items = Json::array();
  for (const auto id : ids) {
    PW_TRY(const auto schema_ref, run.dictionary().field(id, "schema_ref"));
    const auto partition = run.dictionary().find(id)->value("partitioning", Json::array());
    items.push_back({{"id", id}, {"partition", partition.is_array() ? partition : Json::array()}, {"schema_ref", schema_ref}});
  }
  PW_TRY(const auto path, bundle_path(run));
  return Json{{"manifest_fingerprint", run.identity().manifest_fingerprint},
              {"validation_bundle_path", path},
              {"flag_sha256_hex", bundle.sha256_hex},
              {"verified_at_utc", store::logical_time()},
              {"sealed_inputs", std::move(items)},
              {"notes", nullptr}};
}

Json without(Json value, const char* key) {
  if (value.is_object()) value.erase(key);
  if (value.is_array()) {
    for (auto& item : value) item = without(std::move(item), key);
  }
  return value;
}

// Publishes `value` unless the target holds the same but for `spelling`: a clock reading, or a path that depends on how
// the roots were spelled. What is published then stays.
Result<bool> publish(const store::RunFolder& run, const store::fs::path& staging, const std::string& dataset, const Json& value, const char* spelling) {
  PW_TRY(const auto target, run.target(dataset));
  if (const auto published = store::read_json(target); published && without(*published, spelling) == without(value, spelling)) return true;
  const auto staged = staging / target.filename();
  PW_CHECK(store::write_plain(staged, compact(value)));
  PW_TRY(const auto done, store::publish_file(run, staged, dataset));
  return done.existed;
}

}  // namespace

Result<Summary> run(Context& context) {
  const auto& folder = context.run;
  PW_CHECK(check_entries(folder.dictionary()));
  PW_TRY(const auto bundle, verify_bundle(folder));
  context.log.step("S0: upstream bundle whole and passed (files=" + std::to_string(bundle.files) + ", sha256=" + bundle.sha256_hex.substr(0, 12) + ")");
  PW_CHECK(check_catalogue(context, bundle));
  context.log.step("S0: outlet_catalogue belongs to this run");
  PW_TRY(const auto inputs, collect_inputs(context));
  PW_TRY(const auto sealed, sealed_inputs(folder, inputs, bundle));
  context.log.step(bundle.egress ? "S0: outlet_catalogue has the digest that the upstream bundle certifies"
                                 : "S0: the upstream bundle certifies no catalogue digest; the recomputed one is sealed");
  PW_CHECK(check_licences(context, inputs));
  const auto seal = datasets::make_seal(folder, {context.predicate, context.build_commit}, inputs);
  PW_TRY(const auto receipt, gate_receipt(folder, inputs, bundle));
  PW_TRY(const auto staging, store::Staging::create(folder, "s0_gate"));
  PW_TRY(const bool sealed_before, publish(folder, staging.path(), "sealed_inputs_1B", sealed, "path"));
  PW_TRY(const bool seal_before, publish(folder, staging.path(), "placewright_seal", seal, ""));
  PW_TRY(const bool receipt_before, publish(folder, staging.path(), "s0_gate_receipt_1B", receipt, "verified_at_utc"));
  PW_CHECK(datasets::remember_inputs(folder, inputs));
  const bool before = sealed_before && seal_before && receipt_before;
  context.log.step(before ? "S0: sealed before, nothing has changed" : "S0: sealed " + std::to_string(sealed.size()) + " inputs");
  return Summary{sealed.size(), compact(sealed).size() + compact(seal).size() + compact(receipt).size(), true};
}

}  // namespace placewright::states::s0_gate
