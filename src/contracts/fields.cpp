#include "contracts/fields.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.hpp"

namespace placewright::contracts {

Fields::Fields(const Json& mapping, std::string where) : mapping_(mapping), where_(std::move(where)) {
  if (!mapping_.is_object()) {
    fault_ = where_ + ": is not a mapping";
    mapping_ = Json::object();
  }
}

bool Fields::has(const std::string& key) const { return mapping_.contains(key); }

void Fields::fault(const std::string& key, const std::string& what) {
  if (!fault_.empty()) return;
  fault_ = where_ + ": " + key + " " + what;
  if (mapping_.contains(key)) fault_ += ", found " + compact(mapping_[key]);
}

const Json* Fields::take(const std::string& key) {
  seen_.insert(key);
  const auto it = mapping_.find(key);
  if (it != mapping_.end()) return &*it;
  fault(key, "is missing");
  return nullptr;
}

std::string Fields::text(const std::string& key, bool may_be_empty) {
  const auto* value = take(key);
  if (!value) return {};
  if (!value->is_string()) return fault(key, "must be text"), std::string();
  if (!may_be_empty && value->get_ref<const std::string&>().empty()) fault(key, "must not be empty");
  return value->get<std::string>();
}

std::string Fields::choice(const std::string& key, const std::vector<std::string>& allowed) {
  const auto value = text(key);
  if (std::ranges::find(allowed, value) == allowed.end()) fault(key, "must be one of " + join(allowed, ", "));
  return value;
}

bool Fields::flag(const std::string& key) {
  const auto* value = take(key);
  if (!value) return false;
  if (!value->is_boolean()) return fault(key, "must be true or false"), false;
  return value->get<bool>();
}

std::int64_t Fields::integer(const std::string& key, std::int64_t low, std::int64_t high) {
  const auto range = "must be an integer from " + std::to_string(low) + " to " + std::to_string(high);
  const double value = number(key, static_cast<double>(low), static_cast<double>(high));
  if (!fault_.empty()) return low;
  // The greatest integer has no double of its own, so that 2^63 is not above `high` as a number.
  constexpr double kTwoTo63 = 9223372036854775808.0;
  const auto& found = mapping_[key];
  if (found.is_number_unsigned()) {
    return std::cmp_greater(found.get<std::uint64_t>(), high) ? (fault(key, range), low) : found.get<std::int64_t>();
  }
  if (found.is_number_integer()) return found.get<std::int64_t>();
  if (value != std::floor(value) || value >= kTwoTo63) return fault(key, range), low;
  return static_cast<std::int64_t>(value);
}

double Fields::number(const std::string& key, double low, double high, bool open_low) {
  const auto* value = take(key);
  if (!value) return low;
  const auto range = std::string("must be a number ") + (open_low ? "above " : "from ") + double_text(low) + " to " + double_text(high);
  if (!value->is_number()) return fault(key, range), low;
  const auto number = value->get<double>();
  if (!(number >= low && number <= high) || (open_low && number == low)) return fault(key, range), low;
  return number;
}

std::vector<std::string> Fields::text_list(const std::string& key) {
  const auto* value = take(key);
  if (!value) return {};
  std::vector<std::string> out;
  const bool texts = value->is_array() && std::ranges::all_of(*value, [](const Json& item) { return item.is_string(); });
  if (!texts) return fault(key, "must be a list of text (quote \"NO\")"), out;
  for (const auto& item : *value) out.push_back(item.get<std::string>());
  return out;
}

Fields Fields::nested(const std::string& key) {
  const auto* value = take(key);
  Fields inner(value ? *value : Json::object(), where_ + ": " + key);
  if (!value) inner.fault_ = fault_;
  return inner;
}

void Fields::optional_text(const std::string& key) {
  if (has(key)) text(key);
}

void Fields::adopt(Fields& nested) {
  if (auto done = nested.finish(); !done && fault_.empty()) fault_ = done.error().message();
}

Result<void> Fields::finish() {
  for (const auto& [key, value] : mapping_.items()) {
    if (!seen_.contains(key)) fault(key, "is not a known key");
  }
  if (!fault_.empty()) return Error("PW_POLICY", fault_);
  return {};
}

}  // namespace placewright::contracts
