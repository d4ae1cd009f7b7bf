#include "catalogue/csv.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace placewright::catalogue {
namespace {

class TextSource : public ByteSource {
 public:
  explicit TextSource(std::string text) : text_(std::move(text)) {}
  Result<std::size_t> read(char* target, std::size_t size) override {
    const auto n = std::min(size, text_.size() - at_);
    text_.copy(target, n, at_);
    at_ += n;
    return n;
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

// An opening quote without an end, for as long as anybody reads.
class EndlessQuote : public ByteSource {
 public:
  Result<std::size_t> read(char* target, std::size_t size) override {
    std::fill_n(target, size, 'x');
    if (first_) target[0] = '"';
    first_ = false;
    given += size;
    return size;
  }
  std::uint64_t given = 0;

 private:
  bool first_ = true;
};

struct Record {
  std::uint64_t line;
  bool good;
  std::vector<std::string> fields;
  friend bool operator==(const Record&, const Record&) = default;
};

void read_chunk(std::string_view chunk, std::uint64_t& line, std::vector<Record>& records) {
  RecordReader reader(chunk);
  std::vector<std::string_view> fields;
  for (auto state = reader.next(fields); state != RecordState::end; state = reader.next(fields)) {
    records.push_back({line + reader.line(), state == RecordState::good, {fields.begin(), fields.end()}});
  }
  line += reader.lines_read();
}

std::vector<Record> read_all(const std::string& text, std::size_t chunk_bytes) {
  TextSource source(text);
  ChunkReader chunks(source, chunk_bytes);
  std::vector<Record> records;
  std::uint64_t line = 1;
  for (;;) {
    const auto chunk = chunks.next();
    EXPECT_TRUE(chunk);
    if (!chunk || chunk->empty()) return records;
    read_chunk(*chunk, line, records);
  }
}

}  // namespace

TEST(CsvRecords, FollowRfc4180) {
  const auto records = read_all("a,b\r\n\"x,\"\"y\"\"\r\nz\",2\n,\n\"\",\"q\"\r\nlast,1", 1 << 16);
  const std::vector<Record> want = {{1, true, {"a", "b"}}, {2, true, {"x,\"y\"\r\nz", "2"}}, {4, true, {"", ""}},
                                    {5, true, {"", "q"}},  {6, true, {"last", "1"}}};
  EXPECT_EQ(records, want);
}

TEST(CsvRecords, NameBadQuotesAndGoOnWithTheNextLine) {
  const auto records = read_all("a\"b,1\n\"c\"d,2\n\"e\" ,3\nf,4\n\"open,5\ng,6", 1 << 16);
  ASSERT_EQ(records.size(), 5U);
  EXPECT_FALSE(records[0].good);
  EXPECT_FALSE(records[1].good);
  EXPECT_FALSE(records[2].good);
  EXPECT_TRUE(records[3].good);
  EXPECT_FALSE(records[4].good);
  EXPECT_EQ(records[4].line, 5U);
}

TEST(CsvRecords, DoNotDependOnWhereTheChunksAreCut) {
  std::mt19937_64 draw(7);
  const std::string_view alphabet = "ab,,\"\"\"\n\n\r";
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (int i = 0; i < 200; ++i) text += alphabet[draw() % alphabet.size()];
    const auto whole = read_all(text, 1 << 16);
    for (const std::size_t bytes : {1U, 3U, 17U, 64U}) ASSERT_EQ(read_all(text, bytes), whole) << text;
  }
}

TEST(CsvRecords, OfEndlessLengthAreGivenUpSoon) {
  EndlessQuote source;
  ChunkReader chunks(source);
  const auto chunk = chunks.next();
  ASSERT_FALSE(chunk);
  EXPECT_EQ(chunk.error().code(), "IMP_LINE_TOO_LONG");
  EXPECT_LE(source.given, std::uint64_t{8} << 20);
}

}  // namespace placewright::catalogue
