// Files and folders with errors that name them; synced to disk before they count.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"

namespace placewright::store {

namespace fs = std::filesystem;

// PW_NO_SPACE for a full disk or quota, else PW_IO: "cannot write X: reason".
Error file_error(const fs::path& file, std::string_view doing, int reason);

Result<void> sync_path(const fs::path& path);                          // file or folder
Result<void> make_folder(const fs::path& folder);                      // with parents
Result<void> rename_path(const fs::path& from, const fs::path& to);    // and syncs the parent folder
Result<void> write_plain(const fs::path& file, std::string_view text); // synced, not aside: for staged files
// Aside, fsync, rename; parents are created.
Result<void> write_text(const fs::path& file, std::string_view text);
Result<std::string> read_text(const fs::path& file);                   // PW_INPUT when absent, PW_IO
Result<Json> read_json(const fs::path& file);                          // and PW_JSON

// SOURCE_DATE_EPOCH or 1970-01-01, as YYYY-MM-DDTHH:MM:SS.000000Z: the one time inside data, logs and bundles.
std::string logical_time();
std::string wall_time();  // now, microseconds, Z

}  // namespace placewright::store
