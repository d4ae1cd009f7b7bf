#include "states/s0_gate/entries.hpp"

#include <algorithm>
#include <string>

#include "datasets/seal.hpp"

namespace placewright::states::s0_gate {
namespace {

constexpr std::array<std::string_view, 4> kPacks = {"schemas.1B.yaml#", "schemas.1A.yaml#", "schemas.layer1.yaml#",
                                                    "schemas.ingress.layer1.yaml#"};

Error fault(std::string_view code, const std::string& id, const std::string& what) {
  return Error(std::string(code), "dictionary entry " + id + " " + what).with("detail", id + " " + what).with("dataset_id", id);
}

bool blank(const Json& value) { return value.is_null() || value == Json("") || value == Json("TBD"); }

Result<void> check_entry(const contracts::Dictionary& dictionary, const std::string& id) {
  constexpr std::string_view kEntry = "E_DICTIONARY_RESOLUTION_FAILED", kSchema = "E_SCHEMA_RESOLUTION_FAILED";
  const auto* entry = dictionary.find(id);
  if (!entry) return fault(kEntry, id, "does not exist");
  if (const auto licence = entry->value("licence", Json()); !licence.is_string() || licence == Json("")) {
    return fault(kEntry, id, "has no licence");
  }
  if (blank(entry->value("retention_days", Json()))) return fault(kEntry, id, "has no retention_days");
  const auto ref = entry->value("schema_ref", Json());
  if (!ref.is_string() || ref == Json("")) return fault(kSchema, id, "has no schema_ref");
  const auto text = ref.get<std::string>();
  const bool known = std::ranges::any_of(kPacks, [&](auto pack) { return text.starts_with(pack); });
  const auto problem = known ? dictionary.anchor_problem(text) : std::string("names an unknown pack");
  if (!problem.empty()) return fault(kSchema, id, "has schema_ref " + text + ", which " + problem).with("schema_ref", text);
  return {};
}

}  // namespace

Result<void> check_entries(const contracts::Dictionary& dictionary) {
  for (const auto id : datasets::kSealedInputs) PW_CHECK(check_entry(dictionary, std::string(id)));
  for (const auto id : kReceiptOnly) PW_CHECK(check_entry(dictionary, std::string(id)));
  return {};
}

}  // namespace placewright::states::s0_gate
