#include "lanes/stage.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "datasets/events.hpp"
#include "hash/sha256.hpp"
#include "lanes/matrix.hpp"

namespace placewright::lanes {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kUpstream = {"validation_bundle_1A", "outlet_catalogue", "s3_candidate_set"};

Result<std::uint64_t> bytes_of(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return static_cast<std::uint64_t>(fs::file_size(path, error));
  PW_TRY(const auto names, hash::files_below(path));
  std::uint64_t bytes = 0;
  for (const auto& name : names) bytes += fs::file_size(path / name, error);
  return bytes;
}

bool has_lines(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return path.extension() == ".jsonl";
  const auto names = hash::files_below(path);
  return names && std::ranges::any_of(*names, [](const std::string& name) { return name.ends_with(".jsonl"); });
}

class Planner {
 public:
  Planner(const store::RunFolder& source, const store::RunFolder& target) : source_(source), target_(target) {}

  Result<void> upstream() {
    for (const auto id : kUpstream) PW_CHECK(dataset(id));
    plain("reference");
    plain("cache/sealed_files.json");  // digests of inputs that have not changed
    return {};
  }

  Result<void> state(int number) {
    const auto receipt = state_receipt(source_.root(), number);
    if (!receipt) {
      missing_.push_back(state_name(number) + " has no receipt");
      return {};
    }
    for (const auto& output : receipt->value("outputs", Json::array())) {
      const auto id = output.value("dataset", std::string());
      PW_CHECK(dataset(id));
      PW_CHECK(
          same_size(id, source_.root() / output.value("path", std::string()), output.value("bytes", std::uint64_t{0})));
    }
    if (const auto report = report_of(number); !report.empty()) PW_CHECK(dataset(report, true));
    plan_.receipts.push_back(*receipt);
    return {};
  }

  // S6 writes the trace that holds both families; a lane from S6 takes S5's rows of it.
  Result<void> trace_before_s6() {
    PW_TRY(const auto from, source_.target("rng_trace_log"));
    std::error_code error;
    if (!fs::exists(from, error)) return {};
    PW_CHECK(dataset("rng_trace_log"));
    plan_.surfaces.back().without = "\"" + std::string(datasets::names_of(datasets::EventFamily::jitter).label) + "\"";
    return {};
  }

  Result<StagePlan> done() && {
    if (missing_.empty()) return std::move(plan_);
    return Error("LANE_SOURCE", "run " + source_.identity().run_id + " cannot be the source: " + join(missing_, "; "));
  }

  StagePlan& plan() { return plan_; }

 private:
  Result<void> dataset(std::string_view id, bool report = false) {
    PW_TRY(const auto from, source_.target(id));
    PW_TRY(const auto to, target_.target(id));
    std::error_code error;
    if (!fs::exists(from, error)) {
      if (!report) missing_.push_back(std::string(id) + " is missing at " + from.string());
      return {};
    }
    const bool ids_differ = source_.identity().run_id != target_.identity().run_id;
    plan_.surfaces.push_back({std::string(id), from, to, ids_differ && (report || has_lines(from)), {}});
    return {};
  }

  Result<void> same_size(const std::string& id, const fs::path& path, std::uint64_t recorded) {
    std::error_code error;
    if (!fs::exists(path, error)) return {};  // told already
    PW_TRY(const auto bytes, bytes_of(path));
    if (bytes != recorded) {
      missing_.push_back(id + " has " + std::to_string(bytes) + " bytes, its state left " + std::to_string(recorded));
    }
    return {};
  }

  void plain(const std::string& relative) {
    std::error_code error;
    const auto from = source_.root() / relative;
    if (fs::exists(from, error)) plan_.surfaces.push_back({relative, from, target_.root() / relative, false, {}});
  }

  const store::RunFolder& source_;
  const store::RunFolder& target_;
  StagePlan plan_;
  std::vector<std::string> missing_;
};

// Own policies and memories are copied: they are small, and whoever edits one must not edit the source's.
Result<void> copy_plain(const fs::path& from, const fs::path& to, Shared& tally) {
  std::error_code error;
  if (fs::is_directory(from, error)) {
    PW_TRY(const auto names, hash::files_below(from));
    for (const auto& name : names) PW_CHECK(copy_plain(from / name, to / name, tally));
    return {};
  }
  PW_TRY(const auto text, store::read_text(from));
  ++tally.files;
  ++tally.copied;
  tally.bytes += text.size();
  tally.bytes_copied += text.size();
  return store::write_text(to, text);
}

Replacements between(const RunIdentity& source, const RunIdentity& target) {
  return {{source.run_id, target.run_id},
          {source.parameter_hash, target.parameter_hash},
          {source.manifest_fingerprint, target.manifest_fingerprint}};
}

Result<void> take(const Surface& surface, const store::RunFolder& source, const store::RunFolder& target,
                  Shared& tally) {
  std::error_code error;
  if (surface.label == "reference" || surface.label.starts_with("cache/"))
    return copy_plain(surface.from, surface.to, tally);
  if (fs::exists(surface.to, error)) return {};
  const fs::path aside = surface.to.string() + ".staging";
  fs::remove_all(aside, error);
  if (!surface.rekeyed) {
    PW_CHECK(share(surface.from, aside, tally));
  } else {
    const auto replacements = between(source.identity(), target.identity());
    std::vector<std::string> names = {""};
    if (fs::is_directory(surface.from, error)) {
      PW_TRY(names, hash::files_below(surface.from));
    }
    for (const auto& name : names) {
      const auto from = name.empty() ? surface.from : surface.from / name;
      const auto to = name.empty() ? aside : aside / name;
      PW_CHECK(rekey(from, to, replacements, surface.without, tally));
    }
  }
  return store::rename_path(aside, surface.to);
}

// Re-keyed logs have other bytes; the receipt tells those of the target. `key` says that they were taken over.
Result<Json> receipt_for(Json receipt, const StagePlan& plan, const store::RunFolder& target,
                         const std::string& source_id) {
  for (auto& output : receipt["outputs"]) {
    const auto id = output["dataset"].get<std::string>();
    PW_TRY(const auto path, target.target(id));
    output["path"] = path.lexically_relative(target.root()).generic_string();
    const auto surface = std::ranges::find(plan.surfaces, id, &Surface::label);
    if (surface == plan.surfaces.end() || !surface->rekeyed) continue;
    std::error_code error;
    PW_TRY(const auto digest, fs::is_directory(path, error) ? hash::sha256_folder(path) : hash::sha256_file(path));
    output["sha256_hex"] = digest.sha256_hex;
    output["bytes"] = digest.bytes;
  }
  receipt["key"] = "staged " + plan.forms;
  receipt["measured"] = {{"staged_from", source_id}, {"publish_and_events", plan.forms}};
  return receipt;
}

}  // namespace

std::optional<Json> state_receipt(const fs::path& run_root, int state) {
  auto json = store::read_json(run_root / "receipts" / (state_name(state) + ".json"));
  if (!json || !json->is_object() || !json->value("passed", false)) return std::nullopt;
  return std::move(*json);
}

Result<StagePlan> plan_stage(const store::RunFolder& source, const store::RunFolder& target, int from, bool whole) {
  Planner planner(source, target);
  if (whole) PW_CHECK(planner.upstream());
  for (int state = 1; state < from; ++state) PW_CHECK(planner.state(state));
  if (from == 6) PW_CHECK(planner.trace_before_s6());
  for (int state = from; state < kStates; ++state) {
    const auto receipt = state_receipt(source.root(), state);
    if (receipt) planner.plan().seconds_to_run += receipt->value(Json::json_pointer("/measured/wall_seconds"), 0.0);
  }
  if (const auto first = state_receipt(source.root(), 1)) {
    planner.plan().forms = first->value(Json::json_pointer("/measured/publish_and_events"), std::string());
  }
  return std::move(planner).done();
}

Result<Shared> stage(const StagePlan& plan, const store::RunFolder& source, const store::RunFolder& target) {
  Shared tally;
  for (const auto& surface : plan.surfaces) PW_CHECK(take(surface, source, target, tally));
  for (const auto& receipt : plan.receipts) {
    const auto file = target.root() / "receipts" / (receipt["state"].get<std::string>() + ".json");
    std::error_code error;
    if (fs::exists(file, error)) continue;
    PW_TRY(const auto taken, receipt_for(receipt, plan, target, source.identity().run_id));
    PW_CHECK(store::write_text(file, taken.dump(1) + "\n"));
  }
  return tally;
}

}  // namespace placewright::lanes
