// Parquet in and out, without a third-party type in sight. The only folder that includes Arrow.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "work/pool.hpp"

namespace placewright::table {

enum class Kind { u64, i64, i32, i16, f64, boolean, text, bytes, date32, text_list };

// How a written column is encoded; a reader never needs to know.
enum class Encoding { automatic, delta, byte_stream_split, dictionary, plain };

struct Field {
  std::string name;
  Kind kind;
  Encoding encoding = Encoding::automatic;
  // When read, a null is "" or 0 or false; otherwise it is an error. Not for lists.
  bool null_as_empty = false;
};
using Schema = std::vector<Field>;

// Text as codes into a small dictionary; the dictionary holds each string once.
struct TextColumn {
  std::vector<std::string> dictionary;
  std::vector<std::uint32_t> codes;
  std::string_view at(std::size_t row) const { return dictionary[codes[row]]; }
  static TextColumn repeated(std::string value, std::size_t rows);
};
using TextLists = std::vector<std::vector<std::string>>;

// Kind -> alternative: u64, i64, i32 and date32, i16, f64, boolean (0/1), text, bytes, text_list.
using Column = std::variant<std::vector<std::uint64_t>, std::vector<std::int64_t>, std::vector<std::int32_t>,
                            std::vector<std::int16_t>, std::vector<double>, std::vector<std::uint8_t>, TextColumn,
                            std::vector<std::string>, TextLists>;

struct Batch {
  std::size_t rows = 0;
  std::vector<Column> columns;  // in the order asked for, or of the schema written

  const std::vector<std::uint64_t>& u64(std::size_t i) const { return std::get<std::vector<std::uint64_t>>(columns[i]); }
  const std::vector<std::int64_t>& i64(std::size_t i) const { return std::get<std::vector<std::int64_t>>(columns[i]); }
  const std::vector<std::int32_t>& i32(std::size_t i) const { return std::get<std::vector<std::int32_t>>(columns[i]); }
  const std::vector<double>& f64(std::size_t i) const { return std::get<std::vector<double>>(columns[i]); }
  const std::vector<std::uint8_t>& flags(std::size_t i) const { return std::get<std::vector<std::uint8_t>>(columns[i]); }
  const TextColumn& text(std::size_t i) const { return std::get<TextColumn>(columns[i]); }
  const std::vector<std::string>& bytes(std::size_t i) const { return std::get<std::vector<std::string>>(columns[i]); }
};

// Country codes <-> text columns. A text that is not two letters A-Z is PW_TABLE naming the column and row.
Result<std::vector<Iso>> isos(const TextColumn& column, std::string_view name);
TextColumn iso_column(std::span<const Iso> countries);

// A dataset: one Parquet file, or all *.parquet below a folder (recursively) in code-point order of their relative
// path. Row groups are numbered through all files. Reading is safe from many threads at once.
class Dataset {
 public:
  // Missing path or no file: PW_INPUT. A damaged footer: PW_TABLE with the file.
  static Result<Dataset> open(const std::filesystem::path& path);
  ~Dataset();
  Dataset(Dataset&&) noexcept;
  Dataset& operator=(Dataset&&) noexcept;

  std::uint64_t rows() const;
  std::size_t groups() const;
  std::uint64_t group_rows(std::size_t group) const;
  const std::vector<std::filesystem::path>& files() const;
  std::uint64_t file_bytes() const;  // sum of file sizes
  // In the first file; a column present in some files only is an error when it is read.
  bool has(std::string_view column) const;
  std::vector<std::string> column_names() const;
  // Value of a file-level key (first file), e.g. "geo"; empty when absent.
  std::string metadata(std::string_view key) const;

  // Columns of one row group, converted to the kinds asked for: an integer kind accepts every integer column whose
  // values lie in its range, f64 accepts FLOAT and DOUBLE, bytes accepts text, text accepts plain and dictionary
  // strings in UTF-8. A missing column, another type, a value out of range, a null or a damaged page is PW_TABLE with
  // file, column and row (from 1 in the file).
  Result<Batch> read(std::size_t group, const Schema& columns) const;
  // All row groups in one batch; for small tables.
  Result<Batch> read_all(const Schema& columns) const;

 private:
  struct Impl;
  explicit Dataset(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

struct WriteOptions {
  std::size_t rows_per_group = 200'000;
  std::vector<std::pair<std::string, std::string>> metadata;  // file-level keys
  std::vector<std::string> null_columns;  // all null: their column in a batch is ignored and may be empty
};

struct WrittenFile {
  std::string name;  // relative to the folder written
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::string sha256_hex;  // computed while writing
};

// One file, ZSTD level 3, every column OPTIONAL without nulls (but see null_columns), no time stamp or host inside: the
// same rows give the same bytes, however they are cut into batches. Row groups are cut at rows_per_group. The folder is
// made when it is missing. A writer that goes without close() removes its file.
class FileWriter {
 public:
  static Result<FileWriter> create(const std::filesystem::path& file, Schema schema, WriteOptions options = {});
  ~FileWriter();
  FileWriter(FileWriter&&) noexcept;
  FileWriter& operator=(FileWriter&&) noexcept;
  // A full disk is PW_NO_SPACE, another refusal of the system PW_IO, a batch of another shape PW_DEFECT. After an error
  // nothing more can be written.
  Result<void> write(const Batch& batch);
  Result<WrittenFile> close();                   // flushed and fsynced
  Result<WrittenFile> close(const Batch& last);  // the same after these rows, which need not wait for more in a copy

 private:
  struct Impl;
  explicit FileWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// part-00000.parquet, part-00001.parquet, ... of exactly rows_per_part rows (the last one shorter), each encoded by a
// worker of the pool; names and bytes do not depend on the number of threads. No rows: no file. At most two parts a
// thread wait or are encoded at a time; write() waits for room, so it must not be called from a job of the same pool.
class PartsWriter {
 public:
  PartsWriter(std::filesystem::path folder, Schema schema, std::size_t rows_per_part, work::Pool& pool, WriteOptions options = {});
  ~PartsWriter();
  PartsWriter(PartsWriter&&) noexcept;
  Result<void> write(Batch batch);              // rows in output order; an earlier part's failure may show here
  Result<std::vector<WrittenFile>> close();     // in name order

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Rows [first, first + count) of a batch.
Batch slice(const Batch& batch, std::size_t first, std::size_t count);
void append(Batch& target, const Batch& more);  // same kinds; an empty target takes the shape of `more`

}  // namespace placewright::table
