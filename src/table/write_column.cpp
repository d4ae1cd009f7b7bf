#include "table/write_column.hpp"

#include <arrow/api.h>
#include <parquet/exception.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace placewright::table {
namespace {

constexpr auto kUnseen = std::numeric_limits<std::uint32_t>::max();
// Above either, strings are left to Parquet's own dictionary, which gives up when it grows too large.
constexpr std::size_t kMostCoded = 65'536;
constexpr std::size_t kMostCodedBytes = 1U << 20;

template <class Parquet>
void put(parquet::ColumnWriter& writer, std::size_t count, const typename Parquet::c_type* values) {
  const std::vector<std::int16_t> present(count, 1);
  static_cast<parquet::TypedColumnWriter<Parquet>&>(writer).WriteBatch(static_cast<std::int64_t>(count), present.data(),
                                                                       nullptr, values);
}

parquet::ByteArray bytes_of(std::string_view text) {
  return {static_cast<std::uint32_t>(text.size()), reinterpret_cast<const std::uint8_t*>(text.data())};
}

void put_bytes(parquet::ColumnWriter& writer, const std::vector<std::string>& values, std::size_t first,
               std::size_t count) {
  std::vector<parquet::ByteArray> views(count);
  std::ranges::transform(std::span(values).subspan(first, count), views.begin(), bytes_of);
  put<parquet::ByteArrayType>(writer, count, views.data());
}

// The strings used by some rows, in order of first appearance, and the rows' codes: what a batch carried besides, and
// in which order, must not show in the bytes.
struct Coded {
  std::vector<std::string_view> strings;
  std::vector<std::int32_t> codes;
  std::size_t bytes = 0;
};

Coded used_strings(const TextColumn& text, std::size_t first, std::size_t count) {
  Coded coded;
  coded.codes.resize(count);
  std::vector<std::uint32_t> code_of(text.dictionary.size(), kUnseen);
  for (std::size_t i = 0; i < count; ++i) {
    auto& code = code_of[text.codes[first + i]];
    if (code == kUnseen) {
      code = static_cast<std::uint32_t>(coded.strings.size());
      coded.strings.emplace_back(text.at(first + i));
      coded.bytes += coded.strings.back().size() + 4;
    }
    coded.codes[i] = static_cast<std::int32_t>(code);
  }
  return coded;
}

std::shared_ptr<arrow::Array> dictionary_array(const Coded& coded) {
  arrow::StringBuilder builder;
  for (const auto text : coded.strings) PARQUET_THROW_NOT_OK(builder.Append(text));
  std::shared_ptr<arrow::Array> strings;
  PARQUET_THROW_NOT_OK(builder.Finish(&strings));
  const auto size = static_cast<std::int64_t>(coded.codes.size());
  const auto codes =
      std::make_shared<arrow::Int32Array>(size, arrow::Buffer::Wrap(coded.codes.data(), coded.codes.size()));
  return std::make_shared<arrow::DictionaryArray>(arrow::dictionary(arrow::int32(), arrow::utf8()), codes, strings);
}

void put_text(parquet::ColumnWriter& writer, Encoding encoding, const TextColumn& text, std::size_t first,
              std::size_t count) {
  const auto coded = used_strings(text, first, count);
  const bool dictionary = encoding == Encoding::automatic || encoding == Encoding::dictionary;
  if (dictionary && coded.strings.size() <= kMostCoded && coded.bytes <= kMostCodedBytes) {
    const std::vector<std::int16_t> present(count, 1);
    const auto properties = parquet::default_arrow_writer_properties();
    parquet::ArrowWriteContext context(arrow::default_memory_pool(), properties.get());
    PARQUET_THROW_NOT_OK(writer.WriteArrow(present.data(), nullptr, static_cast<std::int64_t>(count),
                                           *dictionary_array(coded), &context, true));
    return;
  }
  std::vector<parquet::ByteArray> views(count);
  std::ranges::transform(coded.codes, views.begin(),
                         [&](auto code) { return bytes_of(coded.strings[static_cast<std::size_t>(code)]); });
  put<parquet::ByteArrayType>(writer, count, views.data());
}

// Levels: 1 an empty list, 3 an element; a repetition of 0 starts a row.
void put_lists(parquet::ColumnWriter& writer, std::span<const std::vector<std::string>> rows) {
  std::vector<std::int16_t> definition, repetition;
  std::vector<parquet::ByteArray> values;
  for (const auto& row : rows) {
    repetition.push_back(0);
    definition.push_back(row.empty() ? 1 : 3);
    for (std::size_t i = 1; i < row.size(); ++i) {
      repetition.push_back(1);
      definition.push_back(3);
    }
    for (const auto& element : row) values.push_back(bytes_of(element));
  }
  static_cast<parquet::ByteArrayWriter&>(writer).WriteBatch(static_cast<std::int64_t>(definition.size()),
                                                            definition.data(), repetition.data(), values.data());
}

}  // namespace

void write_column(parquet::ColumnWriter& writer, const Field& field, const Column& column, std::size_t first,
                  std::size_t count) {
  switch (field.kind) {
    case Kind::u64:  // the same 64 bits; the schema says how to read them
      return put<parquet::Int64Type>(writer, count,
                                     reinterpret_cast<const std::int64_t*>(std::get<0>(column).data() + first));
    case Kind::i64:
      return put<parquet::Int64Type>(writer, count, std::get<1>(column).data() + first);
    case Kind::i32:
    case Kind::date32:
      return put<parquet::Int32Type>(writer, count, std::get<2>(column).data() + first);
    case Kind::i16: {
      const auto from = std::get<3>(column).begin() + static_cast<std::ptrdiff_t>(first);
      const std::vector<std::int32_t> wide(from, from + static_cast<std::ptrdiff_t>(count));
      return put<parquet::Int32Type>(writer, count, wide.data());
    }
    case Kind::f64:
      return put<parquet::DoubleType>(writer, count, std::get<4>(column).data() + first);
    case Kind::boolean: {
      const auto flags = std::make_unique<bool[]>(count);
      std::transform(std::get<5>(column).begin() + static_cast<std::ptrdiff_t>(first),
                     std::get<5>(column).begin() + static_cast<std::ptrdiff_t>(first + count), flags.get(),
                     [](auto flag) { return flag != 0; });
      return put<parquet::BooleanType>(writer, count, flags.get());
    }
    case Kind::text:
      return put_text(writer, field.encoding, std::get<TextColumn>(column), first, count);
    case Kind::bytes:
      return put_bytes(writer, std::get<7>(column), first, count);
    case Kind::text_list:
      return put_lists(writer, std::span(std::get<TextLists>(column)).subspan(first, count));
  }
}

namespace {

template <class Parquet>
void put_nulls(parquet::ColumnWriter& writer, std::size_t count) {
  const std::vector<std::int16_t> absent(count, 0);
  const typename Parquet::c_type none{};
  static_cast<parquet::TypedColumnWriter<Parquet>&>(writer).WriteBatch(static_cast<std::int64_t>(count), absent.data(),
                                                                       absent.data(), &none);
}

}  // namespace

void write_nulls(parquet::ColumnWriter& writer, std::size_t count) {
  switch (writer.type()) {
    case parquet::Type::INT64:
      return put_nulls<parquet::Int64Type>(writer, count);
    case parquet::Type::INT32:
      return put_nulls<parquet::Int32Type>(writer, count);
    case parquet::Type::DOUBLE:
      return put_nulls<parquet::DoubleType>(writer, count);
    case parquet::Type::BOOLEAN:
      return put_nulls<parquet::BooleanType>(writer, count);
    default:
      return put_nulls<parquet::ByteArrayType>(writer, count);
  }
}

}  // namespace placewright::table
