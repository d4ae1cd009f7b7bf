// One column of one row group, from the project's vectors to Parquet. Private to this folder.
#pragma once

#include <parquet/column_writer.h>
#include <parquet/properties.h>
#include <parquet/schema.h>

#include "table/table.hpp"

namespace placewright::table {

// OPTIONAL node of `field`; a list has three levels.
parquet::schema::NodePtr node_of(const Field& field);
std::shared_ptr<parquet::WriterProperties> properties_of(const Schema& schema, const WriteOptions& options);

// Rows [first, first + count) of `column`; throws what Parquet throws.
void write_column(parquet::ColumnWriter& writer, const Field& field, const Column& column, std::size_t first,
                  std::size_t count);
void write_nulls(parquet::ColumnWriter& writer, std::size_t count);

}  // namespace placewright::table
