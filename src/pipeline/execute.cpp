#include "pipeline/execute.hpp"

#include <filesystem>

#include "base/text.hpp"
#include "datasets/seal.hpp"
#include "hash/sha256.hpp"
#include "pipeline/forms.hpp"
#include "pipeline/plan.hpp"
#include "pipeline/published.hpp"
#include "report/log.hpp"
#include "store/files.hpp"

namespace placewright::pipeline {
namespace {

namespace fs = std::filesystem;
using states::Context;

const std::vector<std::string_view>& outputs_of(const Step& step, const Context& context) {
  const bool tables = step.state == "S1" || step.state == "S2";
  const bool compact = tables ? context.publish == states::PublishForm::spans : context.events == states::EventForm::parquet;
  return compact && !step.compact.empty() ? step.compact : step.writes;
}

// The inputs, and what the command line decides, are those that S0 sealed.
Result<void> check_sealed(const Context& context) {
  PW_CHECK(datasets::check_choices(context.run, {context.predicate, context.build_commit}));
  return datasets::check_seal(context.run, datasets::SealCheck::quick, context.pool);
}

// `S4_ERROR {...}` with the lineage tokens of the state (spec S0-S1 §1.10).
std::string failure_record(const Context& context, std::size_t index, const Error& error) {
  const auto& identity = context.run.identity();
  const auto state = std::string(plan()[index].state);
  Json record = {{"event", state + "_ERROR"}, {"code", error.code()}, {"at", store::wall_time()}, {"parameter_hash", identity.parameter_hash}};
  if (index != 1 && index != 2) {
    record["seed"] = identity.seed;
    record["manifest_fingerprint"] = identity.manifest_fingerprint;
  }
  if (index >= 5) record["run_id"] = identity.run_id;
  for (const auto& [name, text] : error.facts()) {
    if (auto value = parse_json(text, name)) record[name] = *value;
  }
  return state + "_ERROR " + spaced(record);
}

class Execution {
 public:
  Execution(Context& context, std::vector<StateOutcome>& outcomes) : context_(context), outcomes_(outcomes) {}

  // A state before the first one asked for: what it published decides the keys of those after it.
  Result<void> take_over(const Step& step) {
    auto outputs = digest_outputs(context_.run, outputs_of(step, context_));
    if (!outputs) return std::move(outputs).error();
    if (outputs->empty()) {
      return Error("PW_INPUT", std::string(step.state) + " has published nothing in " + context_.run.root().string() +
                                   "; start with --from " + std::string(step.state));
    }
    chain(step, *outputs);
    return {};
  }

  Result<void> run(std::size_t index) {
    const auto& step = plan()[index];
    StateOutcome outcome;
    outcome.state = step.state;
    const double began = report::wall_seconds(), cpu_began = report::cpu_seconds();
    context_.log.logger("engine.layers.l1.seg_1B." + std::string(step.logger) + ".l2.runner");
    context_.log.start_clock();
    const auto key = hash::sha256_hex(chain_ + text_of(context_) + std::string(step.state));
    StateReceipt receipt{std::string(step.state), key, {}, 0, true};
    // Before anything is reused too: what is published belongs to the sealed inputs, and a changed one must be told.
    if (index > 0) PW_CHECK(check_sealed(context_));
    PW_TRY(outcome.reused, reuse(index, key, receipt));
    if (!outcome.reused) {
      context_.log.record("INFO", std::string(step.state) + " " + std::string(step.title) + " starts");
      auto summary = step.run(context_);
      if (!summary) return std::move(summary).error();
      receipt.rows = summary->rows;
      receipt.passed = summary->passed;
      PW_TRY(receipt.outputs, digest_outputs(context_.run, outputs_of(step, context_)));
    }
    chain(step, receipt.outputs);
    outcome.seconds = report::wall_seconds() - began;
    outcome.rows = receipt.rows;
    for (const auto& output : receipt.outputs) outcome.bytes += output.bytes;
    outcome.peak_rss_bytes = report::peak_rss_bytes();
    outcomes_.push_back(outcome);
    say(step, outcome);
    if (!outcome.reused) {
      PW_CHECK(write_state_receipt(context_.run, receipt,
                                   {{"wall_seconds", outcome.seconds},
                                    {"cpu_seconds", report::cpu_seconds() - cpu_began},
                                    {"peak_rss_bytes", outcome.peak_rss_bytes},
                                    {"threads", context_.pool.threads()},
                                    {"publish_and_events", text_of(context_)}}));
    }
    if (!receipt.passed) {
      return Error("E_VALIDATION_FAILED", "S9 found violations; the bundle is published without a flag, see s9_failures.json in it");
    }
    return {};
  }

 private:
  // S0 always runs: it is what proves that the inputs are still the sealed ones.
  Result<bool> reuse(std::size_t index, const std::string& key, StateReceipt& receipt) {
    if (index == 0) return false;
    auto found = read_state_receipt(context_.run, receipt.state);
    const bool staged = found && all_reused_ && found->key == std::string(kStagedKey) + text_of(context_);
    if (!found || (found->key != key && !staged) || !found->passed) return all_reused_ = false;
    PW_TRY(const bool whole, intact(context_.run, *found));
    if (!whole) return all_reused_ = false;
    receipt = std::move(*found);
    receipt.key = key;
    // From now on it is this run's own, to be judged by the key.
    if (staged) PW_CHECK(write_state_receipt(context_.run, receipt, {{"staged", true}, {"publish_and_events", text_of(context_)}}));
    return true;
  }

  void chain(const Step& step, const std::vector<Output>& outputs) {
    for (const auto& output : outputs) chain_ += std::string(step.state) + " " + output.dataset + " " + output.sha256_hex + "\n";
  }

  void say(const Step& step, const StateOutcome& outcome) {
    std::string line = std::string(step.state) + " " + std::string(step.title) + ": ";
    line += outcome.reused ? "published before and intact, nothing to do" : grouped(outcome.rows) + " rows, " + bytes_text(outcome.bytes);
    context_.log.info(line);
  }

  Context& context_;
  std::vector<StateOutcome>& outcomes_;
  std::string chain_;
  bool all_reused_ = true;  // S0 apart
};

fs::path sentinel(const Context& context) { return context.run.root() / "_FAILED.SENTINEL.json"; }

// Marks the run as failed, for `lane prune`; the next success takes the mark away.
void leave_sentinel(const Context& context, std::string_view state, const Error& error) {
  const Json mark = {{"run_id", context.run.identity().run_id}, {"state", state}, {"code", error.code()},
                     {"message", error.message()}, {"failed_utc", store::wall_time()}};
  static_cast<void>(store::write_text(sentinel(context), mark.dump(1) + "\n"));  // the failure itself is what is told
}

}  // namespace

Result<Range> parse_range(const std::string& from, const std::string& until) {
  const auto index = [](const std::string& state) -> std::size_t {
    for (std::size_t i = 0; i < plan().size(); ++i) {
      if (plan()[i].state == state) return i;
    }
    return plan().size();
  };
  const Range range{index(from), index(until)};
  if (range.first >= plan().size() || range.last >= plan().size()) {
    return Error("PW_USAGE", "--from and --until take S0 to S9, not " + from + " and " + until);
  }
  if (range.first > range.last) return Error("PW_USAGE", "--from " + from + " comes after --until " + until);
  return range;
}

Result<void> execute(Context& context, Range range, std::vector<StateOutcome>& outcomes) {
  Execution execution(context, outcomes);
  for (std::size_t i = 0; i < range.first; ++i) PW_CHECK(execution.take_over(plan()[i]));
  for (std::size_t i = range.first; i <= range.last; ++i) {
    if (auto done = execution.run(i); !done) {
      context.log.record("ERROR", failure_record(context, i, done.error()));
      leave_sentinel(context, plan()[i].state, done.error());
      return std::move(done).error().in(std::string(plan()[i].state) + " " + std::string(plan()[i].title));
    }
  }
  std::error_code ignored;
  fs::remove(sentinel(context), ignored);
  return {};
}

}  // namespace placewright::pipeline
