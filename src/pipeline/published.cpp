#include "pipeline/published.hpp"

#include "hash/sha256.hpp"
#include "store/digest_memory.hpp"
#include "store/files.hpp"

namespace placewright::pipeline {
namespace {

namespace fs = std::filesystem;

fs::path receipt_file(const store::RunFolder& run, std::string_view state) {
  return run.root() / "receipts" / (std::string(state) + ".json");
}

Result<hash::FileDigest> digest_of(const fs::path& path) {
  return fs::is_directory(path) ? hash::sha256_folder(path) : hash::sha256_file(path);
}

Result<StateReceipt> parse(const Json& json) {
  try {
    StateReceipt receipt{json.at("state"), json.at("key"), {}, json.at("rows"), json.at("passed")};
    for (const auto& output : json.at("outputs")) {
      receipt.outputs.push_back({output.at("dataset"), output.at("path"), output.at("sha256_hex"), output.at("bytes")});
    }
    return receipt;
  } catch (const Json::exception& e) {
    return Error("PW_JSON", e.what());
  }
}

}  // namespace

std::optional<StateReceipt> read_state_receipt(const store::RunFolder& run, std::string_view state) {
  const auto json = store::read_json(receipt_file(run, state));
  if (!json) return std::nullopt;
  auto receipt = parse(*json);
  return receipt ? std::optional(std::move(receipt).value()) : std::nullopt;
}

Result<void> write_state_receipt(const store::RunFolder& run, const StateReceipt& receipt, const Json& measured) {
  Json outputs = Json::array();
  for (const auto& output : receipt.outputs) {
    outputs.push_back({{"dataset", output.dataset}, {"path", output.path}, {"sha256_hex", output.sha256_hex}, {"bytes", output.bytes}});
  }
  const Json json = {{"state", receipt.state}, {"key", receipt.key},       {"outputs", outputs},
                     {"rows", receipt.rows},   {"passed", receipt.passed}, {"measured", measured}};
  return store::write_text(receipt_file(run, receipt.state), json.dump(1) + "\n");
}

Result<std::vector<Output>> digest_outputs(const store::RunFolder& run, std::span<const std::string_view> datasets) {
  std::vector<Output> outputs;
  for (const auto dataset : datasets) {
    PW_TRY(const auto path, run.target(dataset));
    std::error_code error;
    if (!fs::exists(path, error)) continue;
    auto known = store::published_digests().find(path);  // read back just now, when it was published
    PW_TRY(const auto digest, known ? Result<hash::FileDigest>(*std::move(known)) : digest_of(path));
    outputs.push_back({std::string(dataset), path.lexically_relative(run.root()).generic_string(), digest.sha256_hex, digest.bytes});
  }
  return outputs;
}

Result<void> write_state_table(const store::RunFolder& run, std::span<const StateOutcome> states, unsigned threads) {
  double total = 0;
  for (const auto& state : states) total += state.seconds;
  Json rows = Json::array();
  for (const auto& state : states) {
    rows.push_back({{"state", state.state},
                    {"seconds", state.seconds},
                    {"share", total > 0 ? state.seconds / total : 0},
                    {"rows", state.rows},
                    {"bytes", state.bytes},
                    {"peak_rss_bytes", state.peak_rss_bytes},
                    {"reused", state.reused}});
  }
  const Json table = {{"states", rows}, {"seconds", total}, {"threads", threads}};
  return store::write_text(run.root() / "receipts" / "states.json", table.dump(1) + "\n");
}

Result<bool> intact(const store::RunFolder& run, const StateReceipt& receipt) {
  for (const auto& output : receipt.outputs) {
    const auto path = run.root() / output.path;
    std::error_code error;
    if (!fs::exists(path, error)) return false;
    PW_TRY(const auto digest, digest_of(path));
    if (digest.sha256_hex != output.sha256_hex || digest.bytes != output.bytes) return false;
  }
  return !receipt.outputs.empty();
}

}  // namespace placewright::pipeline
