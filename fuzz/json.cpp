// JSON: what is read is written so that it reads back the same.
#include "target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace placewright;
  const auto value = parse_json(fuzz::text_of(data, size), "input");
  if (!fuzz::good(value)) return 0;
  for (const auto& text : {compact(*value), spaced(*value)}) {
    const auto again = parse_json(text, "again");
    fuzz::require(static_cast<bool>(again), "written JSON cannot be read");
    fuzz::require(*again == *value, "written JSON reads back as another value");
    fuzz::require(compact(*again) == compact(*value), "the text of a value is not stable");
  }
  return 0;
}
