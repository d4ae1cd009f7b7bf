// RFC 4180 text, cut into chunks that end where a record ends, and records cut into fields.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "catalogue/source.hpp"

namespace placewright::catalogue {

constexpr std::size_t kMaxRecord = std::size_t{1} << 20;

// Bytes of `text` up to the end of its last complete record, quoted line ends not counted; 0 when there is none.
std::size_t complete_records(std::string_view text);

// Chunks of whole records. The cuts depend on the bytes alone.
class ChunkReader {
 public:
  explicit ChunkReader(ByteSource& source, std::size_t chunk_bytes = std::size_t{2} << 20)
      : source_(source), chunk_bytes_(chunk_bytes) {}
  // Empty at the end. A record beyond kMaxRecord: IMP_LINE_TOO_LONG; more than 64 GiB: IMP_TOO_LARGE.
  Result<std::string> next();

 private:
  ByteSource& source_;
  std::size_t chunk_bytes_;
  std::string carry_;
  std::uint64_t total_ = 0;
  std::uint64_t line_ = 1;  // of the first byte of carry_
  bool ended_ = false;
};

enum class RecordState { good, bad_quotes, end };

// Walks through the records of a chunk.
class RecordReader {
 public:
  explicit RecordReader(std::string_view chunk) : chunk_(chunk) {}
  // Fields of the next record in `fields`; views into the chunk, or into the reader until the next call. An empty line
  // is a record of one empty field.
  RecordState next(std::vector<std::string_view>& fields);
  // Lines before the record just read, from the start of the chunk.
  std::uint64_t line() const { return line_; }
  std::uint64_t lines_read() const { return next_line_; }
  std::string_view raw() const { return raw_; }  // the record without its line end

 private:
  bool quoted_field(std::string_view& field);

  std::string_view chunk_;
  std::string_view raw_;
  std::deque<std::string> unescaped_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 0;
  std::uint64_t next_line_ = 0;
};

}  // namespace placewright::catalogue
