// What the build generates from the folder contracts/; everybody else uses embedded.hpp.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace placewright::contracts {

struct EmbeddedFile {
  std::string_view name;
  const unsigned char* bytes;
  std::size_t size;
};

std::span<const EmbeddedFile> embedded_table();  // sorted by name

}  // namespace placewright::contracts
