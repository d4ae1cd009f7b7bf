#include <parquet/schema.h>

#include "base/text.hpp"
#include "table/read_column.hpp"

namespace placewright::table {
namespace {

bool is_integer(const parquet::ColumnDescriptor& column) {
  const auto type = column.physical_type();
  if (type != parquet::Type::INT32 && type != parquet::Type::INT64) return false;
  const auto& logical = column.logical_type();
  return logical == nullptr || logical->is_none() || logical->is_int();
}

bool is_text(const parquet::ColumnDescriptor& column) {
  const auto& logical = column.logical_type();
  return column.physical_type() == parquet::Type::BYTE_ARRAY && logical != nullptr &&
         (logical->is_string() || logical->is_enum());
}

bool fits(const parquet::ColumnDescriptor& column, Kind kind) {
  const auto type = column.physical_type();
  switch (kind) {
    case Kind::u64:
    case Kind::i64:
    case Kind::i32:
    case Kind::i16:
      return is_integer(column);
    case Kind::f64:
      return type == parquet::Type::DOUBLE || type == parquet::Type::FLOAT;
    case Kind::boolean:
      return type == parquet::Type::BOOLEAN;
    case Kind::text:
    case Kind::text_list:
      return is_text(column);
    case Kind::bytes:
      return type == parquet::Type::BYTE_ARRAY;
    case Kind::date32:
      return type == parquet::Type::INT32 && column.logical_type() != nullptr && column.logical_type()->is_date();
  }
  return false;
}

std::string wanted(Kind kind) {
  switch (kind) {
    case Kind::u64:
      return "an unsigned integer";
    case Kind::i64:
      return "a 64-bit integer";
    case Kind::i32:
      return "a 32-bit integer";
    case Kind::i16:
      return "a 16-bit integer";
    case Kind::f64:
      return "a floating-point number";
    case Kind::boolean:
      return "a boolean";
    case Kind::text:
      return "text";
    case Kind::bytes:
      return "binary";
    case Kind::date32:
      return "a date";
    case Kind::text_list:
      return "a list of text";
  }
  return "another type";
}

std::string found(const parquet::ColumnDescriptor& column) {
  auto name = parquet::TypeToString(column.physical_type());
  const auto& logical = column.logical_type();
  if (logical != nullptr && !logical->is_none()) name += " (" + logical->ToString() + ")";
  return column.max_repetition_level() > 0 ? "a list of " + name : name;
}

}  // namespace

Result<int> find_leaf(const parquet::SchemaDescriptor& schema, const Place& place, Kind kind) {
  std::vector<int> leaves;
  for (int i = 0; i < schema.num_columns(); ++i) {
    if (schema.GetColumnRoot(i)->name() == place.column) leaves.push_back(i);
  }
  if (leaves.empty()) {
    std::vector<std::string> names;
    for (int i = 0; i < schema.group_node()->field_count(); ++i) names.push_back(schema.group_node()->field(i)->name());
    return table_error(place, "there is no such column; the file has " + join(names, ", "));
  }
  if (leaves.size() > 1)
    return table_error(place, "the column is a group, or appears twice; " + wanted(kind) + " is needed");
  const auto& column = *schema.Column(leaves.front());
  const bool list = kind == Kind::text_list;
  const bool shape = list ? column.max_repetition_level() == 1 && schema.GetColumnRoot(leaves.front())->is_group()
                          : schema.GetColumnRoot(leaves.front())->is_primitive() && column.max_repetition_level() == 0;
  if (!shape || !fits(column, kind)) {
    return table_error(place, "the column holds " + found(column) + ", not " + wanted(kind));
  }
  return leaves.front();
}

}  // namespace placewright::table
