// CSV text: where chunks are cut does not matter, and quoting all fields gives the same records.
#include <algorithm>
#include <cstring>

#include "catalogue/csv.hpp"
#include "target.hpp"

namespace {

using namespace placewright;
using catalogue::RecordState;

class Memory : public catalogue::ByteSource {
 public:
  explicit Memory(std::string_view bytes) : bytes_(bytes) {}
  Result<std::size_t> read(char* target, std::size_t size) override {
    const auto n = std::min(size, bytes_.size());
    if (n > 0) std::memcpy(target, bytes_.data(), n);
    bytes_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view bytes_;
};

struct Record {
  RecordState state;
  std::uint64_t line;
  std::vector<std::string> fields;
  friend bool operator==(const Record&, const Record&) = default;
};

std::uint64_t add_records(std::string_view chunk, std::uint64_t lines, std::vector<Record>& out) {
  catalogue::RecordReader reader(chunk);
  std::vector<std::string_view> fields;
  for (auto state = reader.next(fields); state != RecordState::end; state = reader.next(fields)) {
    out.push_back({state, lines + reader.line(), {fields.begin(), fields.end()}});
    if (state == RecordState::bad_quotes) out.back().fields.clear();  // what a bad record holds is nobody's business
  }
  return lines + reader.lines_read();
}

std::vector<Record> in_chunks(std::string_view text, std::size_t chunk_bytes) {
  Memory source(text);
  catalogue::ChunkReader reader(source, chunk_bytes);
  std::vector<Record> records;
  for (std::uint64_t lines = 0;;) {
    const auto chunk = reader.next();
    if (!fuzz::good(chunk) || chunk->empty()) return records;
    lines = add_records(*chunk, lines, records);
  }
}

std::string quoted(const std::vector<Record>& records) {
  std::string text;
  for (const auto& record : records) {
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
      text += i > 0 ? ",\"" : "\"";
      for (const char c : record.fields[i]) text.append(c == '"' ? 2 : 1, c);
      text += '"';
    }
    text += "\r\n";
  }
  return text;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::text_of(data, size));
  std::vector<Record> whole;
  add_records(text, 0, whole);
  for (const std::size_t chunk : {1, 7, 64}) fuzz::require(in_chunks(text, chunk) == whole, "the cuts decide a record");
  std::erase_if(whole, [](const Record& record) { return record.state == RecordState::bad_quotes; });
  std::vector<Record> again;
  add_records(quoted(whole), 0, again);
  fuzz::require(again.size() == whole.size(), "quoting changes the number of records");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    fuzz::require(again[i].state == RecordState::good && again[i].fields == whole[i].fields, "quoting changes a field");
  }
  return 0;
}
