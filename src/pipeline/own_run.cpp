// An own run: from a catalogue, a world and a profile to a run folder with a receipt (rulings 1).
#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "base/text.hpp"
#include "catalogue/import.hpp"
#include "catalogue/pack.hpp"
#include "catalogue/upstream.hpp"
#include "contracts/embedded.hpp"
#include "hash/sha256.hpp"
#include "pipeline/session.hpp"
#include "store/files.hpp"
#include "world/build.hpp"

namespace placewright::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> kPolicies = {"policy.s2.tile_weights.yaml", "policy.s3.requirements.yaml",
                                                       "policy.s4.alloc_plan.yaml", "policy.s6.jitter.yaml"};
// A profile without them uses the reference's draws, and asks for no grade.
constexpr std::array<std::string_view, 2> kOptionalPolicies = {"policy.s5.assignment.yaml",
                                                              "policy.s9.validation.yaml"};
constexpr std::string_view kPolicyFolder = "config/layer1/1B/policy";

struct Policy {
  std::string name;
  std::string text;
};

struct Inputs {
  catalogue::Pack pack;
  fs::path world;
  std::vector<Policy> policies;
  catalogue::IdentityInputs identity;
  std::uint64_t outlets = 0;
  std::map<Iso, std::uint64_t> outlets_by_country;
};

fs::path cache_folder(const RunOptions& options) {
  if (!options.cache.empty()) return options.cache;
  if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg && *xdg) return fs::path(xdg) / "placewright";
  const char* home = std::getenv("HOME");
  return fs::path(home && *home ? home : ".") / ".cache" / "placewright";
}

// The embedded world is built once; a later run finds it and checks nothing but its being whole.
Result<fs::path> world_of(const RunOptions& options, work::Pool& pool, report::Log& log) {
  if (!options.world.empty()) {
    if (!fs::is_directory(options.world)) return Error("PW_INPUT", "there is no world folder " + options.world);
    return fs::path(options.world);
  }
  const auto folder = cache_folder(options) / "world";
  if (options.dry_run && !fs::exists(folder)) {
    return Error(
        "PW_INPUT",
        "the embedded world is not built yet; a run builds it, or: placewright world build --out " + folder.string());
  }
  world::BuildOptions build;
  build.out = folder;
  PW_TRY(const auto report, world::build(build, pool, log));
  return report.folder;
}

Result<std::vector<Policy>> policies_of(const RunOptions& options) {
  std::vector<Policy> policies;
  for (const auto name : kPolicies) {
    Policy policy{std::string(name), {}};
    if (!options.policies.empty()) {
      PW_TRY(policy.text, store::read_text(fs::path(options.policies) / name));
    } else {
      const auto text = contracts::embedded("profiles/" + options.profile + "/" + policy.name);
      if (!text) return Error("PW_USAGE", "there is no profile " + options.profile + " with a " + policy.name);
      policy.text = *text;
    }
    policies.push_back(std::move(policy));
  }
  for (const auto name : kOptionalPolicies) {
    if (options.policies.empty()) {
      const auto text = contracts::embedded("profiles/" + options.profile + "/" + std::string(name));
      if (text) policies.push_back({std::string(name), std::string(*text)});
    } else if (const auto file = fs::path(options.policies) / name; fs::exists(file)) {
      PW_TRY(auto text, store::read_text(file));
      policies.push_back({std::string(name), std::move(text)});
    }
  }
  return policies;
}

Result<catalogue::Pack> pack_of(const RunOptions& options, const fs::path& world, work::Pool& pool) {
  const fs::path source = options.catalogue;
  if (catalogue::is_pack(source)) return catalogue::open_pack(source);
  catalogue::ImportOptions import;
  import.file = source;
  PW_TRY(import.isos, catalogue::IsoTable::read(world / world::kIsoPath));
  PW_TRY(const auto digest, hash::sha256_file(source));
  // A dry run leaves its pack among the system's temporary files.
  const auto packs =
      options.dry_run ? fs::temp_directory_path() / "placewright-packs" : fs::path(options.out) / "packs";
  import.out = packs / digest.sha256_hex.substr(0, 16);
  PW_TRY(const auto report, catalogue::import_file(import, pool));
  if (report.refused) {
    auto error = *report.refused;
    return std::move(error).in(std::to_string(report.rejects_total) + " bad lines in " + source.string() +
                               (report.rejects_file.empty() ? "" : ", all in " + report.rejects_file.string()));
  }
  return catalogue::open_pack(report.pack);
}

Result<std::vector<catalogue::NamedFile>> world_artefacts(const fs::path& world, work::Pool& pool) {
  PW_TRY(const auto names, hash::files_below(world));
  std::vector<catalogue::NamedFile> files(names.size());
  PW_CHECK(work::for_each(pool, names.size(), [&](std::size_t i) -> Result<void> {
    PW_TRY(const auto digest, hash::sha256_file(world / names[i]));
    files[i] = {catalogue::artefact_name("world", names[i]), digest.sha256_hex, digest.bytes};
    return {};
  }));
  return files;
}

Result<catalogue::IdentityInputs> identity_inputs(const RunOptions& options, const Inputs& inputs, work::Pool& pool) {
  catalogue::IdentityInputs identity;
  identity.seed = options.seed;
  const auto named = [](const std::string& name, std::string_view text) {
    return catalogue::NamedFile{name, hash::sha256_hex(text), text.size()};
  };
  for (const auto name : catalogue::kParameterNames) {
    const auto policy =
        std::ranges::find(inputs.policies, name, [](const Policy& p) { return std::string_view(p.name); });
    const auto stand_in = contracts::embedded("profiles/reference/stand_ins/" + std::string(name));
    if (policy == inputs.policies.end() && !stand_in) return Error("PW_DEFECT", "no stand-in for " + std::string(name));
    identity.parameters.push_back(named(std::string(name), policy != inputs.policies.end() ? policy->text : *stand_in));
  }
  identity.artefacts = catalogue::pack_artefacts(inputs.pack);
  PW_TRY(const auto world, world_artefacts(inputs.world, pool));
  identity.artefacts.insert(identity.artefacts.end(), world.begin(), world.end());
  for (const auto& policy : inputs.policies)
    identity.artefacts.push_back(named(catalogue::artefact_name("policy", policy.name), policy.text));
  identity.artefacts.push_back(named(catalogue::artefact_name("policy", "policy.s1.predicate"), options.predicate));
  return identity;
}

Result<Inputs> gather(const RunOptions& options, report::Log& log, work::Pool& pool) {
  Inputs inputs;
  PW_TRY(inputs.world, world_of(options, pool, log));
  PW_TRY(inputs.policies, policies_of(options));
  PW_TRY(inputs.pack, pack_of(options, inputs.world, pool));
  PW_CHECK(catalogue::for_each_merchant(inputs.pack, [&](const catalogue::Merchant& merchant) -> Result<void> {
    inputs.outlets += static_cast<std::uint64_t>(merchant.total);
    for (const auto& c : merchant.countries) inputs.outlets_by_country[c.country] += static_cast<std::uint64_t>(c.outlets);
    return {};
  }));
  PW_TRY(inputs.identity, identity_inputs(options, inputs, pool));
  return inputs;
}

Json receipt_of(const RunOptions& options, const RunIdentity& identity, const Inputs& inputs) {
  return {{"run_id", identity.run_id},
          {"seed", identity.seed},
          {"parameter_hash", identity.parameter_hash},
          {"manifest_fingerprint", identity.manifest_fingerprint},
          {"contracts_layout", "built_in"},
          {"contracts_root", ""},
          {"runs_root", fs::path(options.out).generic_string()},
          {"external_roots", Json::array({fs::absolute(inputs.world).lexically_normal().generic_string()})},
          {"created_utc", store::wall_time()},
          {"profile", options.policies.empty() ? options.profile : "own policies"},
          {"predicate", options.predicate},
          {"catalogue_pack_digest", inputs.pack.digest}};
}

// A folder that is there must be this run's; its receipt stays, since created_utc is part of it.
Result<bool> holds_this_run(const fs::path& root, const RunIdentity& identity) {
  std::error_code error;
  if (fs::exists(root.parent_path() / "run_receipt.json", error)) {
    return Error("PW_OTHER_RUN",
                 root.parent_path().string() + " is itself a run folder; give --out the folder above it");
  }
  if (!fs::exists(root, error)) return false;
  if (!fs::exists(root / "run_receipt.json", error)) {
    const bool ours = std::ranges::all_of(fs::directory_iterator(root, error), [](const fs::directory_entry& entry) {
      return entry.path().filename() == ".lock" || entry.path().extension() == ".part" ||
             entry.path().filename() == "reference";
    });
    if (!ours) return Error("PW_OTHER_RUN", root.string() + " holds files but no run receipt");
    return false;
  }
  PW_TRY(const auto found, store::read_receipt(root));
  const auto& there = found.identity;
  if (there.manifest_fingerprint != identity.manifest_fingerprint || there.parameter_hash != identity.parameter_hash ||
      there.seed != identity.seed) {
    return Error("PW_OTHER_RUN", root.string() + " holds another run");
  }
  return true;
}

// Policies lie in the run's own reference/ folder, which is searched first: the run carries what it obeyed.
Result<void> lay_out(const RunOptions& options, const Inputs& inputs, const store::RunFolder& run, bool there,
                     work::Pool& pool) {
  for (const auto& policy : inputs.policies) {
    PW_CHECK(store::write_text(run.root() / "reference" / kPolicyFolder / policy.name, policy.text));
  }
  if (!there)
    PW_CHECK(store::write_text(run.root() / "run_receipt.json", spaced(receipt_of(options, run.identity(), inputs))));
  return catalogue::write_upstream(inputs.pack, inputs.identity, run, pool);
}

}  // namespace

Result<Session> begin_own(const RunOptions& options, report::Log& log, work::Pool& pool) {
  Session session;
  PW_TRY(auto dictionary, load_contracts(options.contracts_root, options.contracts_layout));
  session.dictionary = std::make_unique<contracts::Dictionary>(std::move(dictionary));
  PW_TRY(const auto inputs, gather(options, log, pool));
  PW_TRY(const auto identity, catalogue::mint_identity(inputs.identity));
  const auto root = fs::path(options.out) / identity.run_id;
  PW_TRY(const bool there, holds_this_run(root, identity));
  session.run =
      std::make_unique<store::RunFolder>(root, identity, std::vector<fs::path>{inputs.world}, *session.dictionary);
  session.run->make_portable();
  session.build_commit = std::string(64, '0');
  session.outlets = inputs.outlets;
  session.outlets_by_country = inputs.outlets_by_country;
  for (const auto& policy : inputs.policies) {
    if (policy.name == "policy.s2.tile_weights.yaml") session.weights_policy = policy.text;
  }
  if (options.dry_run) return session;
  PW_TRY(auto lock, store::Lock::take(root));
  session.lock = std::make_unique<store::Lock>(std::move(lock));
  PW_CHECK(lay_out(options, inputs, *session.run, there, pool));
  PW_TRY(session.build_commit, build_commit(Json::object(), *session.run));
  return session;
}

}  // namespace placewright::pipeline
