#include "table/read_column.hpp"

#include <parquet/column_reader.h>
#include <parquet/schema.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "base/text.hpp"
#include "table/text.hpp"

namespace placewright::table {
namespace {

constexpr std::int64_t kRun = 16 * 1024;           // values decoded at a time; they stay in the cache
constexpr std::uint64_t kMostReserved = 4U << 20;  // a damaged footer may claim any number of rows
constexpr auto kUnseen = std::numeric_limits<std::uint32_t>::max();

struct Chunk {
  std::shared_ptr<parquet::ColumnReader> reader;
  const parquet::ColumnDescriptor& column;
  std::uint64_t rows;
  const Place& place;
  bool null_as_empty;
};

Error too_many(const Chunk& chunk) {
  return table_error(chunk.place, "there are more values than the footer's " + std::to_string(chunk.rows) + " rows");
}

// A null is a definition level below the highest.
Result<void> no_nulls(const Chunk& chunk, std::span<const std::int16_t> levels, std::int64_t values,
                      std::uint64_t done) {
  if (values == static_cast<std::int64_t>(levels.size())) return {};
  const auto null =
      std::ranges::find_if(levels, [&](auto level) { return level < chunk.column.max_definition_level(); });
  return table_error(chunk.place, done + static_cast<std::uint64_t>(null - levels.begin()), "the value is null");
}

// next(levels, values read) -> levels read; take(values, first row of the group) -> Result<void>.
template <class Next, class Take>
Result<void> each_run(const Chunk& chunk, const Next& next, const Take& take) {
  std::vector<std::int16_t> levels(kRun);
  std::uint64_t done = 0;
  while (chunk.reader->HasNext()) {
    std::int64_t values = 0;
    const auto read = next(levels.data(), values);
    if (read <= 0) break;
    const auto count = static_cast<std::size_t>(read);
    if (count > chunk.rows - done) return too_many(chunk);
    if (chunk.column.max_definition_level() > 0)
      PW_CHECK(no_nulls(chunk, std::span(levels).first(count), values, done));
    if (values != read) return table_error(chunk.place, done, "the page ends early");
    PW_CHECK(take(count, done));
    done += count;
  }
  if (done == chunk.rows) return {};
  return table_error(chunk.place, "there are " + std::to_string(done) + " values for the footer's " +
                                      std::to_string(chunk.rows) + " rows");
}

// The reader packs what is not null; this puts each value back in its row, and nothing into the others.
template <class Value>
void spread(Value* buffer, std::int16_t* levels, std::int64_t read, std::int16_t present, std::int64_t& values) {
  if (values == read) return;
  auto from = values;
  for (auto to = read - 1; to >= 0; --to) {
    buffer[to] = levels[to] == present && from > 0 ? buffer[--from] : Value{};
    levels[to] = present;
  }
  values = read;
}

// Plain C++ array instead of a vector: std::vector<bool> has no data().
template <class Parquet, class Take>
Result<void> each_values(const Chunk& chunk, const Take& take) {
  using Value = typename Parquet::c_type;
  auto& reader = static_cast<parquet::TypedColumnReader<Parquet>&>(*chunk.reader);
  const auto buffer = std::make_unique<Value[]>(kRun);
  const auto next = [&](std::int16_t* levels, std::int64_t& values) {
    const auto read = reader.ReadBatch(kRun, levels, nullptr, buffer.get(), &values);
    if (chunk.null_as_empty) spread(buffer.get(), levels, read, chunk.column.max_definition_level(), values);
    return read;
  };
  return each_run(chunk, next, [&](std::size_t count, std::uint64_t row) {
    return take(std::span<const Value>(buffer.get(), count), row);
  });
}

template <class To>
std::vector<To> reserved(const Chunk& chunk) {
  std::vector<To> values;
  values.reserve(std::min(chunk.rows, kMostReserved));
  return values;
}

template <class To, class From>
Result<void> add_integers(const Chunk& chunk, std::span<const From> from, std::uint64_t row, std::vector<To>& to) {
  bool good = true;
  for (const auto value : from) good &= std::in_range<To>(value);
  if (!good) {
    const auto bad = std::ranges::find_if_not(from, [](auto value) { return std::in_range<To>(value); });
    return table_error(chunk.place, row + static_cast<std::uint64_t>(bad - from.begin()),
                       "the value " + std::to_string(*bad) + " is outside the range of the column");
  }
  to.insert(to.end(), from.begin(), from.end());
  return {};
}

template <class To, class Parquet>
Result<Column> integers_of(const Chunk& chunk) {
  using Signed = typename Parquet::c_type;
  using Unsigned = std::make_unsigned_t<Signed>;
  const auto& logical = chunk.column.logical_type();
  const bool is_unsigned =
      logical != nullptr && logical->is_int() && !static_cast<const parquet::IntLogicalType&>(*logical).is_signed();
  auto values = reserved<To>(chunk);
  PW_CHECK(each_values<Parquet>(chunk, [&](std::span<const Signed> run, std::uint64_t row) -> Result<void> {
    if (!is_unsigned) return add_integers<To>(chunk, run, row, values);
    return add_integers<To>(chunk, std::span(reinterpret_cast<const Unsigned*>(run.data()), run.size()), row, values);
  }));
  return Column(std::move(values));
}

template <class To>
Result<Column> integers(const Chunk& chunk) {
  if (chunk.column.physical_type() == parquet::Type::INT32) return integers_of<To, parquet::Int32Type>(chunk);
  return integers_of<To, parquet::Int64Type>(chunk);
}

template <class To, class Parquet>
Result<Column> as_they_are(const Chunk& chunk) {
  auto values = reserved<To>(chunk);
  PW_CHECK(each_values<Parquet>(chunk, [&](auto run, std::uint64_t) -> Result<void> {
    values.insert(values.end(), run.begin(), run.end());
    return {};
  }));
  return Column(std::move(values));
}

std::string_view view(const parquet::ByteArray& bytes) { return {reinterpret_cast<const char*>(bytes.ptr), bytes.len}; }

Result<std::uint32_t> intern(const Chunk& chunk, Interner& interner, const parquet::ByteArray& text,
                             std::uint64_t row) {
  const auto before = interner.size();
  const auto code = interner.code(view(text));
  if (code == before && !is_utf8(view(text))) return table_error(chunk.place, row, "the text is not UTF-8");
  return code;
}

Result<void> read_indices(const Chunk& chunk, Interner& interner, std::vector<std::uint32_t>& codes) {
  auto& reader = static_cast<parquet::ByteArrayReader&>(*chunk.reader);
  std::vector<std::int32_t> indices(kRun);
  const parquet::ByteArray* dictionary = nullptr;
  const parquet::ByteArray* seen = nullptr;
  std::int32_t size = 0;
  std::vector<std::uint32_t> code_of;
  const auto next = [&](std::int16_t* levels, std::int64_t& values) {
    return reader.ReadBatchWithDictionary(kRun, levels, nullptr, indices.data(), &values, &dictionary, &size);
  };
  return each_run(chunk, next, [&](std::size_t count, std::uint64_t row) -> Result<void> {
    if (dictionary != seen) {
      code_of.assign(static_cast<std::size_t>(size), kUnseen);
      seen = dictionary;
    }
    for (std::size_t i = 0; i < count; ++i) {
      const auto index = static_cast<std::uint32_t>(indices[i]);
      if (index >= code_of.size()) return table_error(chunk.place, row + i, "the page points outside its dictionary");
      if (code_of[index] == kUnseen) {
        PW_TRY(code_of[index], intern(chunk, interner, dictionary[index], row + i));
      }
      codes.push_back(code_of[index]);
    }
    return {};
  });
}

Result<void> read_strings(const Chunk& chunk, Interner& interner, std::vector<std::uint32_t>& codes) {
  return each_values<parquet::ByteArrayType>(
      chunk, [&](std::span<const parquet::ByteArray> run, std::uint64_t row) -> Result<void> {
        for (std::size_t i = 0; i < run.size(); ++i) {
          // Long runs of one value are the rule (country codes, hashes).
          if (i > 0 && view(run[i]) == view(run[i - 1])) {
            codes.push_back(codes.back());
            continue;
          }
          PW_TRY(const auto code, intern(chunk, interner, run[i], row + i));
          codes.push_back(code);
        }
        return {};
      });
}

Result<Column> text(const Chunk& chunk) {
  TextColumn column;
  column.codes = reserved<std::uint32_t>(chunk);
  Interner interner;
  const bool coded = chunk.reader->GetExposedEncoding() == parquet::ExposedEncoding::DICTIONARY;
  PW_CHECK(coded ? read_indices(chunk, interner, column.codes) : read_strings(chunk, interner, column.codes));
  column.dictionary = interner.dictionary();
  return Column(std::move(column));
}

Result<Column> bytes(const Chunk& chunk) {
  auto values = reserved<std::string>(chunk);
  PW_CHECK(each_values<parquet::ByteArrayType>(
      chunk, [&](std::span<const parquet::ByteArray> run, std::uint64_t) -> Result<void> {
        for (const auto& value : run) values.emplace_back(view(value));
        return {};
      }));
  return Column(std::move(values));
}

// Definition levels at which a list is there, and at which it has an element.
struct ListLevels {
  std::int16_t list = 0;
  std::int16_t element = 0;
};

ListLevels list_levels(const parquet::ColumnDescriptor& column) {
  std::vector<const parquet::schema::Node*> path;
  for (const auto* node = column.schema_node().get(); node->parent() != nullptr; node = node->parent())
    path.push_back(node);
  ListLevels levels;
  std::int16_t level = 0;
  for (auto node = path.rbegin(); node != path.rend(); ++node) {
    if (!(*node)->is_required()) ++level;
    if (!(*node)->is_repeated()) continue;
    levels = {static_cast<std::int16_t>(level - 1), level};
  }
  return levels;
}

Result<Column> lists(const Chunk& chunk) {
  auto& reader = static_cast<parquet::ByteArrayReader&>(*chunk.reader);
  const auto levels = list_levels(chunk.column);
  TextLists rows;
  std::vector<std::int16_t> definition(kRun), repetition(kRun);
  std::vector<parquet::ByteArray> values(kRun);
  while (reader.HasNext()) {
    std::int64_t present = 0;
    const auto read = reader.ReadBatch(kRun, definition.data(), repetition.data(), values.data(), &present);
    if (read <= 0) break;
    std::int64_t next = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(read); ++i) {
      if (repetition[i] == 0) rows.emplace_back();
      if (rows.empty()) return table_error(chunk.place, "the first list has no start");
      if (rows.size() > chunk.rows) return too_many(chunk);
      if (definition[i] < levels.list) return table_error(chunk.place, rows.size() - 1, "the list is null");
      if (definition[i] < levels.element) continue;  // an empty list
      if (definition[i] < chunk.column.max_definition_level())
        return table_error(chunk.place, rows.size() - 1, "an element of the list is null");
      if (next >= present) return table_error(chunk.place, rows.size() - 1, "the page ends early");
      const auto element = view(values[static_cast<std::size_t>(next++)]);
      if (!is_utf8(element)) return table_error(chunk.place, rows.size() - 1, "the text is not UTF-8");
      rows.back().emplace_back(element);
    }
  }
  if (rows.size() != chunk.rows) {
    return table_error(chunk.place, "there are " + std::to_string(rows.size()) + " lists for the footer's " +
                                        std::to_string(chunk.rows) + " rows");
  }
  return Column(std::move(rows));
}

}  // namespace

Error table_error(const Place& place, const std::string& what) {
  if (place.column.empty()) return Error("PW_TABLE", place.file + ": " + what).with("file", place.file);
  return Error("PW_TABLE", place.file + ", column " + place.column + ": " + what)
      .with("file", place.file)
      .with("column", place.column);
}

Error table_error(const Place& place, std::uint64_t row_in_group, const std::string& what) {
  const auto row = place.first_row + row_in_group + 1;
  return Error("PW_TABLE", place.file + ", column " + place.column + ", row " + std::to_string(row) + ": " + what)
      .with("file", place.file)
      .with("column", place.column)
      .with("row", row);
}

Result<Column> read_column(parquet::RowGroupReader& group, int leaf, const Field& field, const Place& place) {
  const auto kind = field.kind;
  const auto exposed = kind == Kind::text && !field.null_as_empty ? parquet::ExposedEncoding::DICTIONARY
                                                                  : parquet::ExposedEncoding::NO_ENCODING;
  const Chunk chunk{group.ColumnWithExposeEncoding(leaf, exposed), *group.metadata()->schema()->Column(leaf),
                    static_cast<std::uint64_t>(group.metadata()->num_rows()), place, field.null_as_empty};
  switch (kind) {
    case Kind::u64:
      return integers<std::uint64_t>(chunk);
    case Kind::i64:
      return integers<std::int64_t>(chunk);
    case Kind::i32:
      return integers<std::int32_t>(chunk);
    case Kind::i16:
      return integers<std::int16_t>(chunk);
    case Kind::date32:
      return as_they_are<std::int32_t, parquet::Int32Type>(chunk);
    case Kind::boolean:
      return as_they_are<std::uint8_t, parquet::BooleanType>(chunk);
    case Kind::text:
      return text(chunk);
    case Kind::bytes:
      return bytes(chunk);
    case Kind::text_list:
      return lists(chunk);
    case Kind::f64:
      break;
  }
  if (chunk.column.physical_type() == parquet::Type::FLOAT) return as_they_are<double, parquet::FloatType>(chunk);
  return as_they_are<double, parquet::DoubleType>(chunk);
}

}  // namespace placewright::table
