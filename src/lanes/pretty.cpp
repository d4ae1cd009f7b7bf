#include "lanes/pretty.hpp"

#include "store/files.hpp"

namespace placewright::lanes {
namespace {

void append(std::string& out, const Json& value, std::size_t depth) {
  const bool object = value.is_object();
  if ((!object && !value.is_array()) || value.empty()) {
    out += compact(value);
    return;
  }
  const std::string indent(2 * (depth + 1), ' ');
  out += object ? '{' : '[';
  const char* comma = "";
  for (const auto& item : value.items()) {
    out += comma;
    out += "\n" + indent;
    if (object) out += compact(Json(item.key())) + ": ";
    append(out, item.value(), depth + 1);
    comma = ",";
  }
  out += "\n" + std::string(2 * depth, ' ');
  out += object ? '}' : ']';
}

}  // namespace

std::string pretty(const Json& value) {
  std::string out;
  append(out, value, 0);
  return out;
}

Result<void> write_pretty(const std::filesystem::path& file, const Json& value) {
  return store::write_text(file, pretty(value));
}

}  // namespace placewright::lanes
