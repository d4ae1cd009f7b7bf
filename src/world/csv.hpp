// Comma-separated (or otherwise separated) rows with quoted fields (RFC 4180, no line breaks inside quotes).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace placewright::world {

// Fields of one line; `fields` is reused. A doubled quote inside quotes is one quote.
inline void csv_fields(std::string_view line, std::vector<std::string>& fields, char separator = ',') {
  fields.assign(1, {});
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == separator && !quoted) {
      fields.emplace_back();
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
}

}  // namespace placewright::world
