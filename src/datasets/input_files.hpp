// The files behind a dataset id, and their digests.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "store/run_folder.hpp"
#include "work/pool.hpp"

namespace placewright::datasets {

struct InputFile {
  std::string path;  // relative to the folder of the input, '/' separators; the file's name when the input is a file
  std::uint64_t bytes = 0;
  std::string sha256_hex;     // empty until hashed
  std::int64_t modified = 0;  // in the file system's ticks, taken before hashing
};

// One input of a run. Paths inside a seal are relative to the root they were found in, so that a moved or differently
// spelled root leaves the seal as it is.
struct Input {
  std::string id;
  std::filesystem::path location;  // as resolved: a file or a folder; empty for `absent` and `embedded`
  std::string root;                // "run", "reference", "external", "embedded" or "absent"
  std::string relative;            // dictionary path, tokens replaced, no trailing slash
  std::vector<InputFile> files;    // in code-point order of their path
};

std::filesystem::path place_of(const Input& input, const InputFile& file);

// Finds `id` by its dictionary entry. A missing file or folder: E_REFERENCE_SURFACE_MISSING with its dataset_id, except for an
// entry that may be absent (Dictionary::optional).
Result<Input> find_input(const store::RunFolder& run, std::string_view id);
// The region table: the one an external root holds, else the embedded one.
Result<Input> find_regions(const store::RunFolder& run);

// Fills in the digests of all files, on the pool.
Result<void> hash_inputs(std::vector<Input>& inputs, work::Pool& pool);

// Digest of a dataset's files (spec S0-S1 §1.7): of one file its own; of a folder the concatenation of its *.parquet, or
// of all its files when it has none; files in sub-folders do not count. No file: PW_INPUT.
Result<std::string> dataset_digest(const Input& input);

}  // namespace placewright::datasets
