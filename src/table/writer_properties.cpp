#include "table/write_column.hpp"

namespace placewright::table {
namespace {

using parquet::LogicalType;
using parquet::Repetition;
using parquet::Type;
using parquet::schema::GroupNode;
using parquet::schema::NodePtr;
using parquet::schema::PrimitiveNode;

NodePtr leaf(const std::string& name, const std::shared_ptr<const LogicalType>& logical, Type::type physical) {
  return PrimitiveNode::Make(name, Repetition::OPTIONAL, logical, physical);
}

// Path of the column's values: nested for a list.
std::string path_of(const Field& field) {
  return field.kind == Kind::text_list ? field.name + ".list.element" : field.name;
}

// Delta of text is that of its bytes; a real number has none and stays plain.
parquet::Encoding::type delta_of(Kind kind) {
  switch (kind) {
    case Kind::f64:
    case Kind::boolean:
      return parquet::Encoding::PLAIN;
    case Kind::text:
    case Kind::bytes:
    case Kind::text_list:
      return parquet::Encoding::DELTA_BYTE_ARRAY;
    default:
      return parquet::Encoding::DELTA_BINARY_PACKED;
  }
}

void set_encoding(parquet::WriterProperties::Builder& builder, const Field& field) {
  const auto path = path_of(field);
  const auto fixed = [&](parquet::Encoding::type encoding) {
    builder.disable_dictionary(path)->encoding(path, encoding);
  };
  switch (field.encoding) {
    case Encoding::automatic:
      if (field.kind == Kind::bytes) builder.disable_dictionary(path);  // geometries do not repeat
      return;
    case Encoding::dictionary:
      builder.enable_dictionary(path);
      return;
    case Encoding::delta:
      fixed(delta_of(field.kind));
      return;
    case Encoding::byte_stream_split:
      fixed(field.kind == Kind::f64 ? parquet::Encoding::BYTE_STREAM_SPLIT : parquet::Encoding::PLAIN);
      return;
    case Encoding::plain:
      fixed(parquet::Encoding::PLAIN);
      return;
  }
}

}  // namespace

NodePtr node_of(const Field& field) {
  switch (field.kind) {
    case Kind::u64:
      return leaf(field.name, LogicalType::Int(64, false), Type::INT64);
    case Kind::i64:
      return leaf(field.name, LogicalType::None(), Type::INT64);
    case Kind::i32:
      return leaf(field.name, LogicalType::None(), Type::INT32);
    case Kind::i16:
      return leaf(field.name, LogicalType::Int(16, true), Type::INT32);
    case Kind::date32:
      return leaf(field.name, LogicalType::Date(), Type::INT32);
    case Kind::f64:
      return leaf(field.name, LogicalType::None(), Type::DOUBLE);
    case Kind::boolean:
      return leaf(field.name, LogicalType::None(), Type::BOOLEAN);
    case Kind::text:
      return leaf(field.name, LogicalType::String(), Type::BYTE_ARRAY);
    case Kind::bytes:
      return leaf(field.name, LogicalType::None(), Type::BYTE_ARRAY);
    case Kind::text_list:
      break;
  }
  const auto list =
      GroupNode::Make("list", Repetition::REPEATED, {leaf("element", LogicalType::String(), Type::BYTE_ARRAY)});
  return GroupNode::Make(field.name, Repetition::OPTIONAL, {list}, LogicalType::List());
}

std::shared_ptr<parquet::WriterProperties> properties_of(const Schema& schema, const WriteOptions& options) {
  parquet::WriterProperties::Builder builder;
  builder.version(parquet::ParquetVersion::PARQUET_2_6)
      ->compression(parquet::Compression::ZSTD)
      ->compression_level(3)
      ->max_row_group_length(static_cast<std::int64_t>(options.rows_per_group))
      ->enable_page_checksum();
  for (const auto& field : schema) {
    set_encoding(builder, field);
    if (field.kind == Kind::bytes || field.kind == Kind::text_list) builder.disable_statistics(path_of(field));
  }
  return builder.build();
}

}  // namespace placewright::table
