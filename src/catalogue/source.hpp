// Bytes of a CSV file, unpacked on the way.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

#include "base/result.hpp"

namespace placewright::catalogue {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills up to `size` bytes; fewer only at the end. Damage: IMP_COMPRESSION.
  virtual Result<std::size_t> read(char* target, std::size_t size) = 0;
};

// By the file's first bytes, not its name: gzip (also several members), Zstandard (also several frames), else plain.
Result<std::unique_ptr<ByteSource>> open_source(const std::filesystem::path& file);

}  // namespace placewright::catalogue
