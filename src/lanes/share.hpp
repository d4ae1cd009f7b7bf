// A file of one run in another: the same blocks where the file system allows it, never a link to a folder.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace placewright::lanes {

struct Shared {
  std::uint64_t files = 0, reflinked = 0, hard_linked = 0, copied = 0;
  std::uint64_t bytes = 0, bytes_copied = 0;
};

// File or folder; the target must not exist. Reflink, else hard link, else copy.
Result<void> share(const std::filesystem::path& from, const std::filesystem::path& to, Shared& tally);

// Texts and what each gives way to.
using Replacements = std::vector<std::pair<std::string, std::string>>;

// Copies lines with the replacements made, without the lines that hold `without` (none when empty).
Result<void> rekey(const std::filesystem::path& from, const std::filesystem::path& to, const Replacements& replacements,
                   const std::string& without, Shared& tally);

}  // namespace placewright::lanes
