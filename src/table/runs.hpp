// Rows that come as runs, written at a cost a run instead of a row: constants, counts, and slices of a fixed list of numbers
// go straight into Parquet's run lengths, zero deltas and byte planes. Any reader sees ordinary columns.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "table/table.hpp"

namespace placewright::table {

// Numbers by position, kept as the eight planes of their bytes too.
class SplitNumbers {
 public:
  explicit SplitNumbers(std::vector<double> values);
  const std::vector<double>& values() const { return values_; }
  const std::uint8_t* plane(std::size_t byte) const { return planes_.data() + byte * values_.size(); }

 private:
  std::vector<double> values_;
  std::vector<std::uint8_t> planes_;
};

// Values of one column in the rows of each run.
struct SameText {
  std::string text;  // in every row of the group
};
struct Counting {
  std::vector<std::uint64_t> first;  // u64: first, first + 1, ...
};
struct RepeatedNumber {
  std::vector<std::uint64_t> value;  // u64
};
struct RepeatedInteger {
  std::vector<std::int64_t> value;  // i64
};
struct RepeatedReal {
  std::vector<double> value;  // f64
};
struct Slices {
  const SplitNumbers* numbers = nullptr;
  std::vector<std::uint32_t> first;  // f64: numbers[first], numbers[first + 1], ...
};
using RunColumn = std::variant<SameText, Counting, RepeatedNumber, RepeatedInteger, RepeatedReal, Slices>;

// One row group.
struct Runs {
  std::vector<std::uint32_t> lengths;  // rows of each run, at least 1
  std::vector<RunColumn> columns;      // in the order of the schema, each as long as `lengths`
  std::uint64_t rows = 0;              // sum of the lengths, at least 1
};

// One file, with the promises of FileWriter. Text and f64 that repeat are coded by a dictionary, whole numbers by deltas, slices by
// byte planes, whatever encoding the schema asks for.
class RunsWriter {
 public:
  static Result<RunsWriter> create(const std::filesystem::path& file, Schema schema, WriteOptions options = {});
  ~RunsWriter();
  RunsWriter(RunsWriter&&) noexcept;

  Result<void> write(const Runs& group);  // PW_DEFECT when its columns do not fit the schema
  Result<WrittenFile> close();

 private:
  struct Impl;
  explicit RunsWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace placewright::table
