#include "pipeline/forms.hpp"

#include "base/text.hpp"
#include "geo/coverage.hpp"
#include "lanes/stage.hpp"

namespace placewright::pipeline {

std::string text_of(const states::Context& context) {
  return std::string(context.publish == states::PublishForm::spans ? "spans" : "rows") +
         (context.events == states::EventForm::parquet ? " parquet" : " jsonl") + " " +
         std::string(geo::name_of(context.predicate));
}

std::optional<Forms> published_forms(const std::filesystem::path& run_root) {
  const auto receipt = lanes::state_receipt(run_root, 1);
  if (!receipt) return std::nullopt;
  const auto words = split(receipt->value(Json::json_pointer("/measured/publish_and_events"), std::string()), ' ');
  return words.size() == 3 ? std::optional(Forms{words[0], words[1], words[2]}) : std::nullopt;
}

}  // namespace placewright::pipeline
