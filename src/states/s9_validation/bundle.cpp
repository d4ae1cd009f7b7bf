#include "states/s9_validation/bundle.hpp"

#include <algorithm>
#include <filesystem>

#include "hash/sha256.hpp"

namespace placewright::states::s9_validation {
namespace {

Json trace_json(const Totals& trace) {
  return {{"events_total", trace.events}, {"blocks_total", trace.blocks}, {"draws_total", decimal(trace.draws)}};
}

Json family_json(const char* id, const char* module, const FamilyFacts& family) {
  return {{"id", id},
          {"module", module},
          {"events_total", family.totals.events},
          {"blocks_total", family.totals.blocks},
          {"draws_total", decimal(family.totals.draws)},
          {"trace_totals", trace_json(family.trace)},
          {"trace_reconciled", family.trace_reconciled},
          {"envelope_failures", family.envelope_failures}};
}

Json manifest(const BundleFacts& facts) {
  const auto& id = facts.identity;
  return {{"version", "1B.validation.v1"},
          {"seed", id.seed},
          {"parameter_hash", id.parameter_hash},
          {"manifest_fingerprint", id.manifest_fingerprint},
          {"run_id", id.run_id},
          {"inputs", {{"s7_site_synthesis", facts.s7_template}, {"site_locations", facts.egress_template}}},
          {"outputs", {{"validation_bundle", facts.bundle_template}}}};
}

Json parameter_hash_resolved(const BundleFacts& facts) {
  auto names = facts.parameter_inputs;
  std::ranges::sort(names);
  return {
      {"parameter_hash", facts.identity.parameter_hash}, {"filenames_sorted", names}, {"artifact_count", names.size()}};
}

Json manifest_fingerprint_resolved(const BundleFacts& facts) {
  return {{"manifest_fingerprint", facts.identity.manifest_fingerprint},
          {"parameter_hash", facts.identity.parameter_hash},
          {"artifact_count", facts.manifest_artifacts},
          {"git_commit_hex", facts.git_commit_hex}};
}

Json rng_accounting(const BundleFacts& facts) {
  auto assignment = family_json("site_tile_assign", "1B.S5.assigner", facts.assignment);
  assignment["coverage"] = {{"sites_total", facts.sites_total},
                            {"events_missing", facts.events_missing},
                            {"events_extra", facts.events_extra}};
  auto jitter = family_json("in_cell_jitter", "1B.S6.jitter", facts.jitter);
  jitter["coverage"] = {{"sites_total", facts.sites_total},
                        {"sites_with_\u22651_event", facts.sites_with_event},
                        {"sites_with_0_event", facts.sites_without_event}};
  jitter["budget_per_event"] = {{"blocks", 1}, {"draws", "2"}};
  return {{"families", Json::array({assignment, jitter})}};
}

Json summary_family(const FamilyFacts& family) {
  return {{"coverage_ok", family.coverage_ok},           {"trace_reconciled", family.trace_reconciled},
          {"events_total", family.totals.events},        {"blocks_total", family.totals.blocks},
          {"draws_total", decimal(family.totals.draws)}, {"envelope_failures", family.envelope_failures}};
}

Json summary(const BundleFacts& facts) {
  const auto& id = facts.identity;
  Json countries = Json::object();
  for (const auto& [iso, rows] : facts.by_country) {
    countries[iso] = {{"rows_s7", rows.s7}, {"rows_s8", rows.s8}, {"parity_ok", rows.s7 == rows.s8}};
  }
  Json out = {
      {"identity",
       {{"seed", id.seed},
        {"parameter_hash", id.parameter_hash},
        {"manifest_fingerprint", id.manifest_fingerprint},
        {"run_id", id.run_id}}},
      {"sizes", {{"rows_s7", facts.rows_s7}, {"rows_s8", facts.rows_s8}, {"parity_ok", facts.parity_ok}}},
      {"egress",
       {{"path", facts.egress_path},
        {"writer_sort_violations", facts.writer_sort_violations},
        {"path_embed_mismatches", 0}}},
      {"rng",
       {{"families",
         {{"site_tile_assign", summary_family(facts.assignment)}, {"in_cell_jitter", summary_family(facts.jitter)}}}}},
      {"by_country", countries}};
  if (const auto& grade = facts.grade) {
    out["grade"] = {
        {"of", grade->of}, {"grade", grade->grade}, {"required", grade->required}, {"reached", grade->reached}};
  }
  return out;
}

// Paths run from the bundle folder: two levels up, then down the partition.
Json egress_checksums(const BundleFacts& facts) {
  namespace fs = std::filesystem;
  const auto partition = fs::path(facts.egress_path).lexically_relative(facts.bundle_path).generic_string();
  Json files = Json::array();
  for (const auto& file : facts.egress) {
    files.push_back({{"path", partition + file.name}, {"sha256_hex", file.sha256_hex}, {"size_bytes", file.bytes}});
  }
  return {{"dataset_id", "site_locations"},
          {"seed", facts.identity.seed},
          {"manifest_fingerprint", facts.identity.manifest_fingerprint},
          {"path", facts.egress_path},
          {"files", files},
          {"composite_sha256_hex", facts.composite_sha256_hex}};
}

Json index_of(const std::vector<BundleFile>& files) {
  Json index = Json::array();
  const auto add = [&](const std::string& name) {
    const auto id = name.substr(0, name.rfind('.'));
    const bool prose = id == "MANIFEST" || id == "s9_summary" || id == "s9_failures";
    index.push_back({{"artifact_id", id},
                     {"kind", prose ? "summary" : "table"},
                     {"path", name},
                     {"mime", "application/json"},
                     {"notes", nullptr}});
  };
  for (const auto& file : files) add(file.name);
  add("index.json");
  return index;
}

}  // namespace

std::string decimal(Wide value) {
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value > 0);
  return digits;
}

std::vector<BundleFile> bundle_files(const BundleFacts& facts, const std::optional<Json>& failures) {
  std::vector<BundleFile> files = {
      {"MANIFEST.json", compact(manifest(facts))},
      {"parameter_hash_resolved.json", compact(parameter_hash_resolved(facts))},
      {"manifest_fingerprint_resolved.json", compact(manifest_fingerprint_resolved(facts))},
      {"rng_accounting.json", compact(rng_accounting(facts))},
      {"s9_summary.json", compact(summary(facts))},
      {"egress_checksums.json", compact(egress_checksums(facts))}};
  if (failures) files.push_back({"s9_failures.json", compact(*failures)});
  auto index = compact(index_of(files));
  files.push_back({"index.json", std::move(index)});
  return files;
}

std::string flag_digest(std::vector<BundleFile> files) {
  std::ranges::sort(files, {}, &BundleFile::name);
  hash::Sha256 sha;
  for (const auto& file : files) sha.update(file.bytes);
  return hash::hex(sha.digest());
}

std::string flag_text(const std::string& digest) { return "sha256_hex = " + digest + "\n"; }

}  // namespace placewright::states::s9_validation
