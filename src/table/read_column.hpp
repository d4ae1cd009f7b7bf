// One column of one row group, from Parquet to the project's vectors. Private to this folder.
#pragma once

#include <parquet/file_reader.h>

#include <cstdint>
#include <string>

#include "table/table.hpp"

namespace placewright::table {

struct Place {
  std::string file;
  std::string column;
  std::uint64_t first_row = 0;  // of the row group, in the file
};

// PW_TABLE: "FILE, column X[, row N]: what"; rows count from 1 in the file.
Error table_error(const Place& place, const std::string& what);
Error table_error(const Place& place, std::uint64_t row_in_group, const std::string& what);

// Leaf of the top-level column `place.column` when it can be read as `kind`.
Result<int> find_leaf(const parquet::SchemaDescriptor& schema, const Place& place, Kind kind);

// May throw what Parquet throws; the caller stands at the border.
Result<Column> read_column(parquet::RowGroupReader& group, int leaf, const Field& field, const Place& place);

}  // namespace placewright::table
