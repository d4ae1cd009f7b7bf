// What a state has published, so that a repeat can tell "done and intact" from "not yet".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "placewright/run.hpp"
#include "store/run_folder.hpp"

namespace placewright::pipeline {

struct Output {
  std::string dataset;
  std::string path;  // relative to the run folder
  std::string sha256_hex;
  std::uint64_t bytes = 0;
};

// Key of a state that a lane took over from another run: it counts as done while every state before it does.
inline constexpr std::string_view kStagedKey = "staged ";  // then the forms of tables and events

// <run>/receipts/<state>.json. `key` is a digest of everything that decided the outputs.
struct StateReceipt {
  std::string state;
  std::string key;
  std::vector<Output> outputs;
  std::uint64_t rows = 0;
  bool passed = true;
};

std::optional<StateReceipt> read_state_receipt(const store::RunFolder& run, std::string_view state);
Result<void> write_state_receipt(const store::RunFolder& run, const StateReceipt& receipt, const Json& measured);

// Digests of those of `datasets` that exist in the run folder.
Result<std::vector<Output>> digest_outputs(const store::RunFolder& run, std::span<const std::string_view> datasets);

// The table of states that `run` ends with, as <run>/receipts/states.json: seconds, their share, rows, bytes, peak memory
// of the process, and whether the state was reused. Replaced by each run; sealed nowhere.
Result<void> write_state_table(const store::RunFolder& run, std::span<const StateOutcome> states, unsigned threads);

// Every recorded output exists with its recorded digest, and there is at least one.
Result<bool> intact(const store::RunFolder& run, const StateReceipt& receipt);

}  // namespace placewright::pipeline
