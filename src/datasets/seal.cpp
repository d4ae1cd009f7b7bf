#include "datasets/seal.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "hash/sha256.hpp"
#include "store/files.hpp"

namespace placewright::datasets {
namespace {

namespace fs = std::filesystem;

constexpr auto kVersion = "placewright.seal.v1";
constexpr std::array<std::string_view, 7> kBeyondTheTen = {
    "s3_requirements_policy", "s4_alloc_plan_policy",  "jitter_policy",       "assignment_policy",
    "validation_policy",      "population_rural_2025", "merchant_orientation"};

Json record_of(const Input& input) {
  Json files = Json::array();
  for (const auto& file : input.files)
    files.push_back({{"path", file.path}, {"bytes", file.bytes}, {"sha256", file.sha256_hex}});
  return {{"id", input.id}, {"root", input.root}, {"path", input.relative}, {"files", std::move(files)}};
}

Json record_of(const SealChoices& choices) {
  return {{"predicate", geo::name_of(choices.predicate)},
          {"build_commit", choices.build_commit}};
}

Error broken(const std::string& what) { return Error("PW_SEAL", what).with("detail", what); }

fs::path memory_file(const store::RunFolder& run) { return run.root() / "cache" / "sealed_files.json"; }

std::string memory_key(const Input& input, const InputFile& file) {
  return fs::absolute(place_of(input, file)).lexically_normal().generic_string();
}

Json stamp_of(const InputFile& file) { return {file.bytes, file.modified}; }

Json stamps_of(const std::vector<Input>& inputs) {
  Json stamps = Json::object();
  for (const auto& input : inputs) {
    if (input.location.empty()) continue;
    for (const auto& file : input.files) {
      stamps[memory_key(input, file)] = {{"stamp", stamp_of(file)}, {"sha256", file.sha256_hex}};
    }
  }
  return stamps;
}

bool is_list_of_objects(const Json& value) {
  return value.is_array() && std::ranges::all_of(value, [](const Json& item) { return item.is_object(); });
}

bool has_seal_shape(const Json& seal) {
  if (!seal.is_object() || seal.value("version", Json()) != kVersion) return false;
  if (!seal.value("choices", Json()).is_object() || !seal.value("contracts", Json()).is_object()) return false;
  const auto inputs = seal.value("inputs", Json());
  return is_list_of_objects(inputs) && std::ranges::all_of(inputs, [](const Json& input) {
           return is_list_of_objects(input.value("files", Json()));
         });
}

Result<Json> read_seal(const store::RunFolder& run) {
  PW_TRY(const auto path, run.target("placewright_seal"));
  auto seal = store::read_json(path);
  if (!seal) return broken("S0 has not sealed this run; start with --from S0 (" + seal.error().message() + ")");
  if (!has_seal_shape(*seal)) return broken(path.string() + " is not a seal of this version");
  return seal;
}

// Fills in digests from the memory where size and time agree.
void recall(const Json& memory, std::vector<Input>& inputs) {
  for (auto& input : inputs) {
    for (auto& file : input.files) {
      if (!file.sha256_hex.empty()) continue;
      const auto it = memory.find(memory_key(input, file));
      if (it == memory.end() || !it->is_object() || it->value("stamp", Json()) != stamp_of(file)) continue;
      if (const auto digest = it->value("sha256", Json()); digest.is_string())
        file.sha256_hex = digest.get<std::string>();
    }
  }
}

Result<void> compare_contracts(const store::RunFolder& run, const Json& sealed) {
  Json now = Json::object();
  for (const auto& [name, digest] : run.dictionary().file_digests()) now[name] = digest;
  if (sealed == now) return {};
  for (const auto& [name, digest] : now.items()) {
    if (sealed.value(name, Json()) != digest) return broken("contract file " + name + " is not the one S0 sealed");
  }
  return broken("S0 sealed other contract files than this run reads");
}

std::string first_difference(const Json& sealed, const Json& now) {
  const auto id = now["id"].get<std::string>();
  if (sealed.value("root", Json()) != now["root"] || sealed.value("path", Json()) != now["path"]) {
    return "input " + id + " is found elsewhere than when S0 sealed it: " + now["root"].get<std::string>() + " " +
           now["path"].get<std::string>();
  }
  for (const auto& file : now["files"]) {
    const auto& before = sealed["files"];
    const auto it =
        std::ranges::find_if(before, [&](const Json& other) { return other.value("path", Json()) == file["path"]; });
    const auto name = file["path"].get<std::string>();
    if (it == before.end()) return "input " + id + " has a file that S0 did not seal: " + name;
    if (*it != file) return "input " + id + " has changed since S0 sealed it: " + name;
  }
  return "input " + id + " lacks a file that S0 sealed";
}

using Hasher = std::function<Result<void>(std::vector<Input>&)>;

// All sealed inputs as they are now; digests from the memory where it holds them, else by `hash_all`.
Result<std::vector<Input>> inputs_now(const store::RunFolder& run, SealCheck how, const Hasher& hash_all) {
  std::vector<Input> inputs;
  for (const auto& id : sealed_ids(run)) {
    auto input = find_input(run, id);
    if (!input) return broken("input " + id + " has gone since S0 sealed it: " + input.error().message());
    inputs.push_back(std::move(*input));
  }
  PW_TRY(auto regions, find_regions(run));
  inputs.push_back(std::move(regions));
  if (how == SealCheck::quick) {
    if (const auto memory = store::read_json(memory_file(run)); memory && memory->is_object()) recall(*memory, inputs);
  }
  PW_CHECK(hash_all(inputs));
  return inputs;
}

Result<void> check(const store::RunFolder& run, SealCheck how, const Hasher& hash_all) {
  PW_TRY(const auto seal, read_seal(run));
  PW_CHECK(compare_contracts(run, seal["contracts"]));
  PW_TRY(const auto inputs, inputs_now(run, how, hash_all));
  const auto& sealed = seal["inputs"];
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto now = record_of(inputs[i]);
    if (i >= sealed.size() || sealed[i].value("id", Json()) != now["id"])
      return broken("S0 did not seal " + inputs[i].id);
    if (sealed[i] != now) return broken(first_difference(sealed[i], now));
  }
  // A run on a medium that cannot be written to is checked all the same, only without a memory.
  static_cast<void>(remember_inputs(run, inputs));
  return {};
}

}  // namespace

std::vector<std::string> sealed_ids(const store::RunFolder& run) {
  std::vector<std::string> ids(kSealedInputs.begin(), kSealedInputs.end());
  for (const auto id : kBeyondTheTen) {
    const auto* entry = run.dictionary().find(id);
    if (entry == nullptr) continue;
    // A copy of our contracts used as a foreign root may mark what it has no file for.
    const bool may_lack = run.dictionary().foreign() && entry->value("optional", Json(false)) == Json(true);
    std::error_code error;
    const auto place = run.locate(id);
    if (!may_lack || (place && fs::exists(*place, error))) ids.emplace_back(id);
  }
  return ids;
}

Json make_seal(const store::RunFolder& run, const SealChoices& choices, const std::vector<Input>& inputs) {
  const auto& identity = run.identity();
  Json contracts = Json::object(), records = Json::array();
  for (const auto& [name, digest] : run.dictionary().file_digests()) contracts[name] = digest;
  for (const auto& input : inputs) records.push_back(record_of(input));
  return {{"version", kVersion},
          {"seed", identity.seed},
          {"parameter_hash", identity.parameter_hash},
          {"manifest_fingerprint", identity.manifest_fingerprint},
          {"choices", record_of(choices)},
          {"contracts", std::move(contracts)},
          {"inputs", std::move(records)}};
}

Result<void> remember_inputs(const store::RunFolder& run, const std::vector<Input>& inputs) {
  const auto text = compact(stamps_of(inputs));
  if (const auto before = store::read_text(memory_file(run)); before && *before == text) return {};
  return store::write_text(memory_file(run), text);
}

Result<void> check_seal(const store::RunFolder& run, SealCheck how) {
  return check(run, how, [](std::vector<Input>& inputs) {
    work::Pool here(1);
    return hash_inputs(inputs, here);
  });
}

Result<void> check_seal(const store::RunFolder& run, SealCheck how, work::Pool& pool) {
  return check(run, how, [&](std::vector<Input>& inputs) { return hash_inputs(inputs, pool); });
}

Result<Json> sealed_by(const store::RunFolder& run) { return read_seal(run); }

Result<std::vector<std::string>> differing_inputs(const store::RunFolder& run, const Json& seal, work::Pool& pool) {
  PW_TRY(const auto inputs, inputs_now(run, SealCheck::quick, [&](std::vector<Input>& all) { return hash_inputs(all, pool); }));
  const auto& sealed = seal["inputs"];
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (i >= sealed.size() || sealed[i].value("files", Json()) != record_of(inputs[i])["files"]) ids.push_back(inputs[i].id);
  }
  if (!compare_contracts(run, seal["contracts"])) ids.emplace_back("contracts");
  return ids;
}

Result<void> check_choices(const store::RunFolder& run, const SealChoices& choices) {
  PW_TRY(const auto seal, read_seal(run));
  const auto& sealed = seal["choices"];
  const auto now = record_of(choices);
  for (const auto& [name, value] : now.items()) {
    if (sealed.value(name, Json()) != value) {
      return broken(name + " is " + compact(value) + ", S0 sealed " + compact(sealed.value(name, Json())));
    }
  }
  return {};
}

}  // namespace placewright::datasets
