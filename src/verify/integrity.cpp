#include "verify/integrity.hpp"

#include <algorithm>

#include "datasets/input_files.hpp"
#include "datasets/seal.hpp"
#include "hash/sha256.hpp"
#include "verify/gate.hpp"

namespace placewright::verify {
namespace {

namespace fs = std::filesystem;

constexpr auto kInput = "VER_INPUT_CHANGED";
constexpr auto kOutput = "VER_OUTPUT_CHANGED";

std::string text_of(const Json& object, const char* key) {
  const auto it = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

// The digest by which S0 sealed `id`.
Result<std::string> digest_of(Subject& subject, const std::string& id) {
  PW_TRY(auto input, datasets::find_input(subject.run, id));
  for (const auto& file : input.files) subject.bytes_hashed += file.bytes;
  if (id == "validation_bundle_1A") return bundle_digest(input.location);
  std::vector<datasets::Input> one = {std::move(input)};
  PW_CHECK(datasets::hash_inputs(one, subject.pool));
  return datasets::dataset_digest(one[0]);
}

struct RecordedOutput {
  std::string path, sha256_hex;
};

std::vector<RecordedOutput> outputs_in(const Json& receipt) {
  std::vector<RecordedOutput> outputs;
  if (!receipt.is_object() || !receipt.contains("outputs") || !receipt["outputs"].is_array()) return outputs;
  for (const auto& output : receipt["outputs"])
    outputs.push_back({text_of(output, "path"), text_of(output, "sha256_hex")});
  return outputs;
}

}  // namespace

Result<void> check_sealed_inputs(Subject& subject) {
  PW_TRY(const auto path, subject.run.target("sealed_inputs_1B"));
  PW_TRY(const auto sealed, store::read_json(path));
  if (!sealed.is_array() || sealed.empty()) return Error(kInput, path.string() + " is not a list of sealed inputs");
  for (const auto& item : sealed) {
    const auto id = text_of(item, "asset_id");
    const auto digest = digest_of(subject, id);
    if (!digest) {
      subject.findings.add(kInput, id, digest.error().message());
    } else if (*digest != text_of(item, "sha256_hex")) {
      subject.findings.add(kInput, id, "its digest is " + *digest + ", S0 sealed " + text_of(item, "sha256_hex"));
    }
  }
  return {};
}

// Runs of other programs have no placewright_seal.json; their ten sealed inputs are checked above.
Result<void> check_seal(Subject& subject) {
  PW_TRY(const auto path, subject.run.target("placewright_seal"));
  std::error_code error;
  if (!fs::exists(path, error)) return {};
  if (auto held = datasets::check_seal(subject.run, datasets::SealCheck::full, subject.pool); !held) {
    subject.findings.add(kInput, path.string(), held.error().message());
  }
  return {};
}

Result<void> check_state_outputs(Subject& subject) {
  for (int state = 0; state <= 9; ++state) {
    const auto file = subject.run.root() / "receipts" / ("S" + std::to_string(state) + ".json");
    std::error_code error;
    if (!fs::exists(file, error)) continue;
    PW_TRY(const auto receipt, store::read_json(file));
    const auto outputs = outputs_in(receipt);
    std::vector<Result<hash::FileDigest>> digests(outputs.size(), hash::FileDigest());
    PW_CHECK(work::for_each(subject.pool, outputs.size(), [&](std::size_t i) -> Result<void> {
      const auto path = subject.run.root() / outputs[i].path;
      std::error_code ignored;
      digests[i] = fs::is_directory(path, ignored) ? hash::sha256_folder(path) : hash::sha256_file(path);
      return {};
    }));
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const auto where = (subject.run.root() / outputs[i].path).string();
      if (!digests[i]) {
        subject.findings.add(kOutput, where, digests[i].error().message());
        continue;
      }
      subject.bytes_hashed += digests[i]->bytes;
      if (digests[i]->sha256_hex != outputs[i].sha256_hex) {
        subject.findings.add(kOutput, where,
                             "S" + std::to_string(state) + " published other bytes, digest " + outputs[i].sha256_hex);
      }
    }
  }
  return {};
}

}  // namespace placewright::verify
