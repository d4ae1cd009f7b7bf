#include "states/anchors.hpp"

#include <algorithm>

namespace placewright::states {

std::optional<Error> anchor_fault(const contracts::Dictionary& dictionary, std::span<const std::string_view> datasets,
                                  std::span<const std::string_view> prefixes, const std::string& code) {
  for (const auto id : datasets) {
    const Json* entry = dictionary.find(id);
    const auto ref = entry && entry->is_object() && entry->contains("schema_ref") ? (*entry)["schema_ref"] : Json();
    if (!ref.is_string() || ref.get<std::string>().empty()) {
      return Error(code, "dictionary entry " + std::string(id) + " has no schema_ref")
          .with("detail", "missing_schema_ref")
          .with("dataset_id", id);
    }
    const auto text = ref.get<std::string>();
    const bool known = std::ranges::any_of(prefixes, [&](auto prefix) { return text.starts_with(prefix); });
    const auto problem =
        known ? dictionary.anchor_problem(text) : std::string("not one of the packs this state may use");
    if (problem.empty()) continue;
    return Error(code, "schema_ref " + text + " of " + std::string(id) + ": " + problem)
        .with("detail", "schema_ref_invalid")
        .with("dataset_id", id)
        .with("schema_ref", text)
        .with("error", problem);
  }
  return std::nullopt;
}

}  // namespace placewright::states
