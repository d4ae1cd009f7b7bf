// YAML: values become JSON; the top-level keys in order are the keys of the value.
#include "contracts/yaml.hpp"

#include "target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace placewright;
  const auto text = fuzz::text_of(data, size);
  const auto value = contracts::parse_yaml(text, "input");
  const auto keys = contracts::yaml_keys(text, "input");
  if (!fuzz::good(keys)) fuzz::require(!value, "the keys cannot be read, the value can");
  if (!fuzz::good(value)) return 0;
  const auto written = compact(*value);
  const auto again = parse_json(written, "again");
  // JSON has no word for what YAML calls .nan and .inf, and one level less.
  const bool writable = written.find("NaN") == std::string::npos && written.find("Infinity") == std::string::npos;
  if (again) fuzz::require(*again == *value, "a YAML value reads back from JSON as another");
  if (!again) fuzz::require(!writable || written.size() > 200, "a YAML value cannot be written as JSON");
  return 0;
}
