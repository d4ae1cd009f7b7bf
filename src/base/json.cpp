#include "base/json.hpp"

#include "base/text.hpp"

namespace placewright {
namespace {

void write(std::string& out, const Json& value, std::string_view comma, std::string_view colon) {
  if (value.is_object()) {
    out += '{';
    bool first = true;
    for (const auto& [key, item] : value.items()) {
      if (!first) out += comma;
      first = false;
      out += json_text(std::string_view(key));
      out += colon;
      write(out, item, comma, colon);
    }
    out += '}';
  } else if (value.is_array()) {
    out += '[';
    bool first = true;
    for (const auto& item : value) {
      if (!first) out += comma;
      first = false;
      write(out, item, comma, colon);
    }
    out += ']';
  } else if (value.is_number_float()) {
    append_double(out, value.get<double>());
  } else {
    out += value.dump(-1, ' ', true, Json::error_handler_t::replace);
  }
}

// Builds nothing; refuses text nested so deep that building it could exhaust the stack.
bool too_deep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      if (++depth > 200) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

}  // namespace

std::string compact(const Json& value) {
  std::string out;
  write(out, value, ",", ":");
  return out;
}

std::string spaced(const Json& value) {
  std::string out;
  write(out, value, ", ", ": ");
  return out;
}

Result<Json> parse_json(std::string_view text, std::string_view source) {
  if (too_deep(text)) return Error("PW_JSON", std::string(source) + ": nested more than 200 levels deep");
  try {
    return Json::parse(text);
  } catch (const Json::exception& e) {
    return Error("PW_JSON", std::string(source) + ": " + e.what());
  }
}

}  // namespace placewright
