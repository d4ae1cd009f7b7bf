#include "states/s9_validation/validation.hpp"

#include <array>

#include "datasets/schemas.hpp"
#include "states/anchors.hpp"
#include "states/s9_validation/accounting.hpp"
#include "states/s9_validation/egress_files.hpp"
#include "states/s9_validation/level.hpp"
#include "states/s9_validation/parity.hpp"
#include "states/s9_validation/trace.hpp"
#include "store/publish.hpp"

namespace placewright::states::s9_validation {
namespace {

using datasets::EventFamily;

constexpr std::array<EventFamily, 2> kFamilies = {EventFamily::assignment, EventFamily::jitter};

const Json& member(const Json* object, const char* name) {
  static const Json kNone;
  return object && object->is_object() && object->contains(name) ? (*object)[name] : kNone;
}

// Anchors, finality and the partition shift, from the contracts alone.
Result<void> check_contracts(const store::RunFolder& run, Failures& failures) {
  const auto& dictionary = run.dictionary();
  constexpr std::array<std::string_view, 3> kPacks = {"schemas.1B.yaml#", "schemas.layer1.yaml#", "schemas.1A.yaml#"};
  constexpr std::array<std::string_view, 9> kDatasets = {"s7_site_synthesis",
                                                         "site_locations",
                                                         "rng_event_site_tile_assign",
                                                         "rng_event_in_cell_jitter",
                                                         "rng_trace_log",
                                                         "rng_audit_log",
                                                         "validation_bundle_1B",
                                                         "validation_bundle_index_1B",
                                                         "validation_passed_flag_1B"};
  for (const auto& id : kDatasets) {
    const bool own_entry =
        dictionary.find(id) || (id != "validation_bundle_index_1B" && id != "validation_passed_flag_1B");
    if (!own_entry) continue;
    if (auto fault = anchor_fault(dictionary, {&id, 1}, kPacks, "E900_SCHEMA_REF_INVALID")) failures.record(*fault);
  }
  const Json* egress = dictionary.find("site_locations");
  if (member(&member(egress, "lineage"), "final_in_layer") != Json(true)) {
    failures.record(Error("E911_FINALITY_OR_ORDER_LEAK", "site_locations is not final in its layer")
                        .with("detail", "egress_not_final")
                        .with("dataset_id", "site_locations"));
  }
  const auto shift = [&](const char* detail) {
    failures.record(
        Error("E912_IDENTITY_COHERENCE", "site_locations still depends on the parameter hash").with("detail", detail));
  };
  for (const auto& key : member(egress, "partitioning")) {
    if (key == "parameter_hash") shift("parameter_hash_in_egress_partition");
  }
  PW_TRY(const auto path, dictionary.field("site_locations", "path"));
  if (path.find("parameter_hash=") != std::string::npos) shift("parameter_hash_in_egress_path");
  return {};
}

Result<void> check_folder(const store::RunFolder& run, EventFamily family, const datasets::EventLog& log,
                          Failures& failures) {
  if (!log.folder_exists() || !log.empty()) return {};
  const auto& names = datasets::names_of(family);
  PW_TRY(const auto path, run.dictionary().field(names.dataset, "path"));
  failures.record(
      Error("E907_RNG_BUDGET_OR_COUNTERS", "the event folder of " + std::string(names.label) + " holds no log")
          .with("detail", std::string(names.dataset) + "_missing")
          .with("path", path));
  return {};
}

// The account of both families against S7.
struct Evidence {
  std::array<Family, 2> family;
  std::array<TraceEnd, 2> trace;
  std::array<bool, 2> reconciled{};
};

Result<Evidence> examine_logs(Context& context, const SiteTable& keys, bool s7_rising, std::uint64_t sites_total,
                              Failures& failures) {
  Evidence evidence;
  std::vector<datasets::EventLog> logs;
  for (const auto family : kFamilies) {
    PW_TRY(auto log, datasets::EventLog::open(context.run, family));
    PW_CHECK(check_folder(context.run, family, log, failures));
    logs.push_back(std::move(log));
  }
  context.log.step("S9: RNG trace/audit scan start");
  PW_TRY(evidence.trace, scan_trace(context.run, context.pool, failures));
  PW_CHECK(check_audit(context.run, failures));
  context.log.step("S9: RNG events scan start");
  for (std::size_t i = 0; i < kFamilies.size(); ++i) {
    PW_TRY(evidence.family[i], account(logs[i], kFamilies[i], keys, s7_rising, sites_total, context.pool, failures));
    const auto& totals = evidence.family[i].count.totals;
    // Events in Parquet form have no trace of their own; what one would hold follows from them.
    if (!logs[i].empty() && logs[i].form() == datasets::LogForm::parquet) evidence.trace[i] = {totals.events, totals};
    evidence.reconciled[i] = reconcile(kFamilies[i], totals, evidence.trace[i], failures);
  }
  return evidence;
}

FamilyFacts facts_of(const Evidence& evidence, std::size_t i) {
  const auto& family = evidence.family[i];
  return {family.count.totals, evidence.trace[i].last, evidence.reconciled[i], family.coverage.ok,
          family.count.envelope_failures};
}

// What the receipt tells, verbatim; `build_commit` is what the run resolved where it tells nothing.
Result<void> add_receipt(const Context& context, BundleFacts& facts) {
  PW_TRY(const auto receipt, store::read_json(context.run.root() / "run_receipt.json"));
  for (const auto& name : member(&receipt, "parameter_inputs")) {
    facts.parameter_inputs.push_back(name.is_string() ? name.get<std::string>() : compact(name));
  }
  facts.manifest_artifacts = member(&receipt, "manifest_artifacts").size();
  facts.git_commit_hex = context.build_commit;
  for (const char* key : {"build_commit", "git_commit_hex"}) {
    const auto& value = member(&receipt, key);
    if (value.is_string() && !value.get<std::string>().empty()) facts.git_commit_hex = value.get<std::string>();
  }
  if (facts.parameter_inputs.empty())
    context.log.info("S9: parameter_inputs not found in run_receipt; artifact_count=0");
  return {};
}

Result<void> add_paths(const store::RunFolder& run, BundleFacts& facts) {
  const auto& dictionary = run.dictionary();
  PW_TRY(facts.s7_template, dictionary.field("s7_site_synthesis", "path"));
  PW_TRY(facts.egress_template, dictionary.field("site_locations", "path"));
  PW_TRY(facts.bundle_template, dictionary.field("validation_bundle_1B", "path"));
  PW_TRY(facts.egress_path, run.relative("site_locations"));
  PW_TRY(facts.bundle_path, run.relative("validation_bundle_1B"));
  for (auto* path : {&facts.egress_path, &facts.bundle_path}) {
    if (!path->ends_with('/')) *path += '/';
  }
  return {};
}

Result<BundleFacts> examine(Context& context, Failures& failures) {
  PW_CHECK(check_contracts(context.run, failures));
  PW_TRY(const auto s7_path, context.run.target("s7_site_synthesis"));
  PW_TRY(const auto s8_path, context.run.target("site_locations"));
  PW_TRY(const auto s7, SiteTable::open(s7_path, SiteTable::Columns::coordinates));
  PW_TRY(const auto keys, SiteTable::open(s7_path, SiteTable::Columns::tiles));
  PW_TRY(const auto s8, SiteTable::open(s8_path, SiteTable::Columns::coordinates));

  BundleFacts facts;
  facts.identity = context.run.identity();
  PW_CHECK(add_paths(context.run, facts));
  PW_CHECK(add_receipt(context, facts));

  context.log.step("S9: parity validation start (S7 vs S8)");
  PW_CHECK(check_columns(s8, datasets::kSiteLocations, "site_locations", failures));
  PW_TRY(auto parity, compare(context, s7, s8, failures));
  context.log.step("S9: parity validation complete rows_s7=" + std::to_string(parity.rows_s7) +
                   " rows_s8=" + std::to_string(parity.rows_s8) + " parity_ok=" + (parity.ok ? "True" : "False"));
  facts.rows_s7 = facts.sites_total = parity.rows_s7;
  facts.rows_s8 = parity.rows_s8;
  facts.parity_ok = parity.ok;
  facts.writer_sort_violations = parity.writer_sort_violations;
  facts.by_country = std::move(parity.by_country);
  if (!parity.s7_rising) {
    PW_TRY(const auto index, SiteIndex::build(keys));
    facts.sites_total = index.size();
  }

  PW_TRY(const auto evidence, examine_logs(context, keys, parity.s7_rising, facts.sites_total, failures));
  facts.assignment = facts_of(evidence, 0);
  facts.jitter = facts_of(evidence, 1);
  const auto& assigned = evidence.family[0].coverage;
  facts.events_missing = assigned.events_missing;
  facts.events_extra = assigned.events_extra;
  facts.sites_with_event = evidence.family[1].coverage.sites_with_event;
  facts.sites_without_event = evidence.family[1].coverage.sites_without_event;

  context.log.step("S9: computing egress checksums");
  PW_TRY(auto egress, digest_egress(s8_path));
  facts.egress = std::move(egress.files);
  facts.composite_sha256_hex = std::move(egress.composite_sha256_hex);
  PW_TRY(facts.grade, check_level(context, failures));
  return facts;
}

}  // namespace

Result<Summary> run(Context& context) {
  const auto& id = context.run.identity();
  context.log.info("S9: validation bundle start seed=" + std::to_string(id.seed) + " manifest_fingerprint=" +
                   id.manifest_fingerprint + " parameter_hash=" + id.parameter_hash + " run_id=" + id.run_id);
  Failures failures;
  PW_TRY(const auto facts, examine(context, failures));
  failures.log(context.log, id);
  const bool passed = failures.empty();
  const auto files = bundle_files(facts, passed ? std::nullopt : std::optional(failures.json()));

  PW_TRY(const auto staging, store::Staging::create(context.run, "s9_validation_bundle"));
  for (const auto& file : files) PW_CHECK(store::write_plain(staging.path() / file.name, file.bytes));
  if (passed) PW_CHECK(store::write_plain(staging.path() / "_passed.flag", flag_text(flag_digest(files))));
  PW_TRY(const auto published,
         store::publish_folder(context.run, staging.path(), "validation_bundle_1B", "E913_ATOMIC_PUBLISH_VIOLATION"));
  context.log.step(std::string("S9: bundle published decision=") + (passed ? "PASS" : "FAIL"));
  return Summary{facts.rows_s8, published.bytes, passed};
}

}  // namespace placewright::states::s9_validation
