#include "datasets/gate.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "store/files.hpp"

namespace placewright::datasets {
namespace {

namespace fs = std::filesystem;

bool hex64(const Json& value) { return value.is_string() && is_hex(value.get_ref<const std::string&>(), 64); }

// YYYY-MM-DDTHH:MM:SS.ffffffZ
bool timestamp(const Json& value) {
  if (!value.is_string()) return false;
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd.ddddddZ";
  const auto& text = value.get_ref<const std::string&>();
  return std::ranges::equal(text, kShape, [](char c, char shape) { return shape == 'd' ? c >= '0' && c <= '9' : c == shape; });
}

// Empty when `receipt` has the shape, else what is wrong.
std::string shape_problem(const Json& receipt) {
  if (!receipt.is_object()) return "is not an object";
  const std::set<std::string> keys = {"manifest_fingerprint", "validation_bundle_path", "flag_sha256_hex",
                                      "verified_at_utc",      "sealed_inputs",          "notes"};
  for (const auto& key : keys) {
    if (!receipt.contains(key)) return "'" + key + "' is a required property";
  }
  for (const auto& [key, value] : receipt.items()) {
    if (!keys.contains(key)) return "'" + key + "' is not a known property";
  }
  if (!hex64(receipt["manifest_fingerprint"])) return "manifest_fingerprint is not 64 hex digits";
  if (!hex64(receipt["flag_sha256_hex"])) return "flag_sha256_hex is not 64 hex digits";
  if (!receipt["validation_bundle_path"].is_string()) return "validation_bundle_path is not text";
  if (!timestamp(receipt["verified_at_utc"])) return "verified_at_utc is not a UTC time with six fractional digits";
  if (!receipt["notes"].is_string() && !receipt["notes"].is_null()) return "notes is neither text nor null";
  if (!receipt["sealed_inputs"].is_array()) return "sealed_inputs is not a list";
  for (const auto& item : receipt["sealed_inputs"]) {
    if (!item.is_object()) return "an item of sealed_inputs is not an object";
    for (const char* key : {"id", "schema_ref"}) {
      if (!item.contains(key) || !item[key].is_string()) return std::string("an item of sealed_inputs has no ") + key;
    }
    for (const auto& [key, value] : item.items()) {
      if (key != "id" && key != "schema_ref" && key != "partition") return "an item of sealed_inputs has the unknown key " + key;
    }
  }
  return {};
}

}  // namespace

Result<void> check_gate_receipt(const store::RunFolder& run, const std::vector<std::string>& required, const GateCodes& codes) {
  PW_TRY(const auto path, run.target("s0_gate_receipt_1B"));
  std::error_code error;
  if (!fs::exists(path, error)) {
    return Error("E301_NO_PASS_FLAG", "S0 has left no gate receipt at " + path.string())
        .with("detail", "s0_gate_receipt_missing")
        .with("path", path.string());
  }
  auto parsed = store::read_json(path);
  if (!parsed) return std::move(parsed).error().as("E_RECEIPT_SCHEMA_INVALID").with("detail", "not a JSON text");
  const Json& receipt = *parsed;
  if (const auto problem = shape_problem(receipt); !problem.empty()) {
    return Error("E_RECEIPT_SCHEMA_INVALID", path.string() + ": " + problem).with("detail", problem);
  }
  if (receipt["manifest_fingerprint"] != run.identity().manifest_fingerprint) {
    return Error(std::string(codes.wrong_fingerprint), path.string() + " belongs to another run")
        .with("detail", "receipt_manifest_fingerprint_mismatch");
  }
  std::set<std::string> missing(required.begin(), required.end());
  for (const auto& item : receipt["sealed_inputs"]) missing.erase(item["id"].get<std::string>());
  if (!missing.empty()) {
    const std::vector<std::string> names(missing.begin(), missing.end());
    return Error(std::string(codes.not_sealed), path.string() + " does not allow reading " + join(names, ", "))
        .with("detail", "sealed_inputs_missing")
        .with("missing", names);
  }
  return {};
}

}  // namespace placewright::datasets
