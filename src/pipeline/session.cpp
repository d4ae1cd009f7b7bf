#include "pipeline/session.hpp"

#include <array>
#include <cstdlib>

#include "base/text.hpp"

extern char** environ;

namespace placewright::pipeline {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

Result<std::string> padded_commit(const std::string& text) {
  auto commit = std::string(trim(text));
  for (auto& c : commit) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  if (is_hex(commit, 64)) return commit;
  if (is_hex(commit, 40)) return std::string(24, '0') + commit;
  return Error("PW_INPUT", "a build commit has 40 or 64 hex digits, not \"" + text + "\"");
}

std::string receipt_text(const Json& receipt, const char* name) {
  const auto it = receipt.find(name);
  return it != receipt.end() && it->is_string() ? it->get<std::string>() : std::string();
}

// Knobs of the reference that changed results from the environment, and the field that now holds each.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kIgnored = {{
    {"ENGINE_1B_S4_DIVERSIFY_WINDOW_MAX", "support_diversification.candidate_window_fraction of policy.s4.alloc_plan.yaml"},
    {"ENGINE_1B_S5_VALIDATE_TILE_INDEX_MODE", "nothing: membership is always checked"},
    {"ENGINE_1B_S9_RNG_SCHEMA_VALIDATE_MODE", "nothing: every record is checked in full"},
    {"ENGINE_1B_S9_RNG_SCHEMA_VALIDATE_SAMPLE_FIRST", "nothing: every record is checked in full"},
}};

}  // namespace

Result<contracts::Dictionary> load_contracts(const std::string& root, const std::string& layout) {
  if (root.empty()) return contracts::Dictionary::built_in();
  const auto parsed = contracts::parse_layout(layout);
  if (!parsed) return Error("PW_USAGE", "--contracts-layout takes model_spec or contracts, not " + layout);
  return contracts::Dictionary::load(root, *parsed);
}

RunOptions with_environment(RunOptions options, std::vector<std::string>& warnings) {
  for (const auto& [name, field] : kIgnored) {
    if (!environment(std::string(name).c_str()).empty()) {
      warnings.push_back(std::string(name) + " is ignored; use " + std::string(field));
    }
  }
  if (!options.catalogue.empty()) return options;
  if (options.contracts_root.empty()) {
    options.contracts_root = environment("ENGINE_CONTRACTS_ROOT");
    if (const auto layout = environment("ENGINE_CONTRACTS_LAYOUT"); !layout.empty()) options.contracts_layout = layout;
  }
  if (options.runs_root.empty()) options.runs_root = environment("ENGINE_RUNS_ROOT");
  std::vector<std::string> roots;
  for (auto& root : split(environment("ENGINE_EXTERNAL_ROOTS"), ';')) {
    if (!trim(root).empty()) roots.push_back(std::string(trim(root)));
  }
  roots.insert(roots.end(), options.external_roots.begin(), options.external_roots.end());
  options.external_roots = std::move(roots);
  return options;
}

Result<std::string> build_commit(const Json& receipt, const store::RunFolder& run) {
  for (const char* name : {"git_commit_hex", "build_commit"}) {
    if (const auto text = receipt_text(receipt, name); !text.empty()) return padded_commit(text);
  }
  if (const auto text = environment("ENGINE_GIT_COMMIT"); !text.empty()) return padded_commit(text);
  PW_TRY(const auto bundle, run.locate("validation_bundle_1A"));
  const auto resolved = store::read_json(bundle / "manifest_fingerprint_resolved.json");
  if (resolved) {
    if (const auto text = receipt_text(*resolved, "git_commit_hex"); !text.empty()) return padded_commit(text);
  }
  return std::string(64, '0');
}

std::vector<std::filesystem::path> external_roots(const Json& receipt, const std::vector<std::string>& given) {
  std::vector<std::filesystem::path> roots(given.begin(), given.end());
  if (!roots.empty()) return roots;
  if (const auto it = receipt.find("external_roots"); it != receipt.end() && it->is_array()) {
    for (const auto& root : *it) {
      if (root.is_string()) roots.emplace_back(root.get<std::string>());
    }
  }
  return roots;
}

Result<Session> attach(const RunOptions& options) {
  Session session;
  PW_TRY(auto dictionary, load_contracts(options.contracts_root, options.contracts_layout));
  session.dictionary = std::make_unique<contracts::Dictionary>(std::move(dictionary));
  const std::filesystem::path runs_root = options.runs_root.empty() ? options.out : options.runs_root;
  std::vector<std::string> skipped;
  PW_TRY(auto receipt, options.run_id.empty() ? store::latest_receipt(runs_root, skipped)
                                              : store::read_receipt(runs_root / options.run_id));
  for (const auto& what : skipped) session.notes.push_back("receipt passed over: " + what);
  if (options.run_id.empty()) session.notes.push_back("latest receipt: run " + receipt.identity.run_id);
  auto roots = external_roots(receipt.fields, options.external_roots);
  session.run = std::make_unique<store::RunFolder>(receipt.run_root, receipt.identity, std::move(roots), *session.dictionary);
  // An own run that is taken up again by its id keeps its own way of recording paths.
  if (receipt.fields.value("contracts_layout", Json()) == "built_in") session.run->make_portable();
  PW_TRY(auto lock, store::Lock::take(receipt.run_root));
  session.lock = std::make_unique<store::Lock>(std::move(lock));
  PW_TRY(session.build_commit, build_commit(receipt.fields, *session.run));
  return session;
}

}  // namespace placewright::pipeline
