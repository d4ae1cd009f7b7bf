#include "pipeline/lane_draft.hpp"

#include "base/text.hpp"
#include "datasets/seal.hpp"
#include "lanes/matrix.hpp"
#include "pipeline/forms.hpp"

namespace placewright::pipeline {
namespace {

namespace fs = std::filesystem;

// Tables, events and predicate as the source has them: only such a run can take its states over.
Result<void> forms_of_source(Lane& lane) {
  if (!lanes::state_receipt(lane.source->root(), 1))
    return Error("LANE_SOURCE", "run " + lane.source->identity().run_id + " has not finished S1");
  const auto forms = published_forms(lane.source->root());
  if (!forms) return Error("LANE_SOURCE", "the receipt of S1 does not tell the form of its tables");
  lane.run.publish = forms->publish;
  lane.run.events = forms->events;
  lane.run.predicate = forms->predicate;
  return {};
}

}  // namespace

Result<void> open_source(const LaneRerunOptions& o, Lane& lane) {
  const auto root = fs::path(o.runs_root) / o.source;
  auto receipt = store::read_receipt(root);
  if (!receipt) return std::move(receipt).error().as("LANE_RUN");
  lane.source_receipt = std::move(*receipt);
  PW_TRY(auto dictionary, load_contracts(o.contracts_root, o.contracts_layout));
  lane.dictionary = std::make_unique<contracts::Dictionary>(std::move(dictionary));
  lane.source = std::make_unique<store::RunFolder>(root, lane.source_receipt.identity,
                                                   external_roots(lane.source_receipt.fields, o.external_roots),
                                                   *lane.dictionary);
  auto seal = datasets::sealed_by(*lane.source);
  if (!seal) return Error("LANE_SOURCE", "run " + o.source + ": " + seal.error().message());
  lane.seal = std::move(*seal);
  return forms_of_source(lane);
}

Result<void> choose_from(const LaneRerunOptions& o, Lane& lane, int otherwise) {
  const int stale = lanes::first_stale(lane.changed);
  if (o.from.empty()) {
    lane.from = stale < lanes::kStates ? stale : otherwise;
    return {};
  }
  PW_TRY(lane.from, lanes::state_number(o.from));
  if (lane.from <= stale) return {};
  return Error("LANE_STALE", o.from + " is too late: " + lanes::state_name(stale) + " reads what has changed (" +
                                 join(lane.changed, ", ") + ")");
}

Json stage_record(const LaneRerunOptions& o, const Lane& lane, const std::string& run_id) {
  Json surfaces = Json::array();
  for (const auto& surface : lane.plan.surfaces) {
    surfaces.push_back({{"label", surface.label},
                        {"src", surface.from.generic_string()},
                        {"dst", surface.to.generic_string()},
                        {"rekeyed", surface.rekeyed}});
  }
  const auto& shared = lane.shared;
  return {{"src_run_id", o.source},
          {"dst_run_id", run_id},
          {"src_runs_root", o.runs_root},
          {"dst_runs_root", o.runs_root},
          {"from", lanes::state_name(lane.from)},
          {"changed_inputs", lane.changed},
          {"staged_at_utc", store::wall_time()},
          {"mode", shared.copied == shared.files ? "copy"
                   : shared.hard_linked > 0      ? "hard_link"
                                                 : "reflink"},
          {"files",
           {{"reflinked", shared.reflinked},
            {"hard_linked", shared.hard_linked},
            {"copied", shared.copied},
            {"bytes", shared.bytes},
            {"bytes_copied", shared.bytes_copied}}},
          {"linked_surfaces", surfaces},
          {"estimated_seconds", lane.plan.seconds_to_run}};
}

}  // namespace placewright::pipeline
