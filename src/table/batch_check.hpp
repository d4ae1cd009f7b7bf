// Whether a batch is what a writer was promised. Private to this folder.
#pragma once

#include <filesystem>
#include <vector>

#include "table/table.hpp"

namespace placewright::table {

// By column: listed in options.null_columns.
std::vector<bool> null_marks(const Schema& schema, const WriteOptions& options);

// PW_DEFECT: a mistake of the caller, not of the data.
Error misuse(const std::filesystem::path& file, const std::string& what);

// Kinds, lengths and codes of all columns not marked in `null`.
Result<void> check_batch(const std::filesystem::path& file, const Schema& schema, const std::vector<bool>& null,
                         const Batch& batch);

}  // namespace placewright::table
