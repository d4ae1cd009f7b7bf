#include "contracts/embedded.hpp"

#include <algorithm>

#include "contracts/embedded_table.hpp"

namespace placewright::contracts {

std::optional<std::string_view> embedded(std::string_view relative_path) {
  const auto files = embedded_table();
  const auto it = std::ranges::find(files, relative_path, &EmbeddedFile::name);
  if (it == files.end()) return std::nullopt;
  return std::string_view(reinterpret_cast<const char*>(it->bytes), it->size);
}

std::vector<std::string> embedded_names() {
  std::vector<std::string> names;
  for (const auto& file : embedded_table()) names.emplace_back(file.name);
  std::ranges::sort(names);
  return names;
}

}  // namespace placewright::contracts
