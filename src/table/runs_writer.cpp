#include <arrow/buffer.h>
#include <arrow/util/compression.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/column_page.h>
#include <parquet/column_writer.h>
#include <parquet/file_writer.h>
#include <parquet/metadata.h>
#include <parquet/statistics.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>
#include <unordered_map>

#include "table/border.hpp"
#include "table/output_file.hpp"
#include "table/run_pages.hpp"
#include "table/runs.hpp"
#include "table/write_column.hpp"

namespace placewright::table {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kRowsPerPage = 1U << 17;
constexpr int kLevel = 3;

using Page = std::vector<RunPart>;

// Runs cut to pages.
std::vector<Page> pages_of(const Runs& group) {
  std::vector<Page> pages;
  std::uint64_t room = 0;
  for (std::size_t run = 0; run < group.lengths.size(); ++run) {
    for (std::uint32_t done = 0; done < group.lengths[run];) {
      if (room == 0) {
        pages.emplace_back();
        room = kRowsPerPage;
      }
      const auto length = static_cast<std::uint32_t>(std::min<std::uint64_t>(group.lengths[run] - done, room));
      pages.back().push_back({run, done, length});
      done += length;
      room -= length;
    }
  }
  return pages;
}

std::uint64_t rows_of(const Page& page) {
  std::uint64_t rows = 0;
  for (const auto& part : page) rows += part.length;
  return rows;
}

std::string bytes_of(std::uint64_t value) {
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &value, 8);
  return bytes;
}
std::string bytes_of(double value) { return bytes_of(std::bit_cast<std::uint64_t>(value)); }

// What a column chunk holds: an optional dictionary, values by page, and its bounds in plain bytes.
struct Chunk {
  parquet::Encoding::type encoding = parquet::Encoding::RLE_DICTIONARY;
  std::string dictionary;
  std::int32_t coded = 0;  // entries of the dictionary
  std::string least, most;
  std::vector<std::string> pages;
};

template <class T>
void set_bounds(Chunk& chunk, T least, T most) {
  chunk.least = bytes_of(least);
  chunk.most = bytes_of(most);
}

// Codes of the runs into the dictionary, pages of run lengths; neighbours of one code become one.
void put_codes(Chunk& chunk, const std::vector<Page>& pages, const std::vector<std::uint32_t>& codes) {
  const auto width = std::max(1U, static_cast<unsigned>(std::bit_width(static_cast<std::uint32_t>(chunk.coded - 1))));
  for (const auto& page : pages) {
    std::string values(1, static_cast<char>(width));
    std::uint64_t held = 0;
    std::uint32_t code = 0;
    for (const auto& part : page) {
      if (held > 0 && codes[part.run] != code) {
        put_rle(values, held, code, width);
        held = 0;
      }
      code = codes[part.run];
      held += part.length;
    }
    put_rle(values, held, code, width);
    chunk.pages.push_back(std::move(values));
  }
}

Chunk chunk_of(const SameText& column, const Runs& group, const std::vector<Page>& pages) {
  Chunk chunk;
  const auto size = static_cast<std::uint32_t>(column.text.size());
  for (unsigned byte = 0; byte < 4; ++byte) chunk.dictionary.push_back(static_cast<char>(size >> 8 * byte));
  chunk.dictionary += column.text;
  chunk.coded = 1;
  chunk.least = chunk.most = column.text;
  put_codes(chunk, pages, std::vector<std::uint32_t>(group.lengths.size(), 0));
  return chunk;
}

Chunk chunk_of(const RepeatedReal& column, const Runs&, const std::vector<Page>& pages) {
  Chunk chunk;
  std::unordered_map<std::uint64_t, std::uint32_t> known;
  std::vector<std::uint32_t> codes;
  codes.reserve(column.value.size());
  for (std::size_t run = 0; run < column.value.size(); ++run) {
    const auto bits = std::bit_cast<std::uint64_t>(column.value[run]);
    if (run > 0 && bits == std::bit_cast<std::uint64_t>(column.value[run - 1])) {
      codes.push_back(codes.back());
      continue;
    }
    const auto [at, added] = known.emplace(bits, static_cast<std::uint32_t>(known.size()));
    if (added) chunk.dictionary += bytes_of(bits);
    codes.push_back(at->second);
  }
  chunk.coded = static_cast<std::int32_t>(known.size());
  const auto [least, most] = std::ranges::minmax_element(column.value);
  set_bounds(chunk, *least, *most);
  put_codes(chunk, pages, codes);
  return chunk;
}

// The same 64 bits, signed or not: deltas wrap, bounds do not.
template <class Whole>
Chunk delta_chunk(const std::vector<Whole>& first, std::uint64_t step, const Runs& group,
                  const std::vector<Page>& pages) {
  Chunk chunk;
  chunk.encoding = parquet::Encoding::DELTA_BINARY_PACKED;
  Whole least = first.front(), most = least;
  for (std::size_t run = 0; run < first.size(); ++run) {
    least = std::min(least, first[run]);
    most = std::max(most, static_cast<Whole>(first[run] + static_cast<Whole>(step * (group.lengths[run] - 1))));
  }
  set_bounds(chunk, static_cast<std::uint64_t>(least), static_cast<std::uint64_t>(most));
  for (const auto& page : pages) {
    DeltaPage deltas(rows_of(page));
    for (const auto& part : page)
      deltas.add(static_cast<std::uint64_t>(first[part.run]) + step * part.offset, step, part.length);
    chunk.pages.push_back(deltas.take());
  }
  return chunk;
}

Chunk chunk_of(const Counting& column, const Runs& group, const std::vector<Page>& pages) {
  return delta_chunk(column.first, 1, group, pages);
}
Chunk chunk_of(const RepeatedNumber& column, const Runs& group, const std::vector<Page>& pages) {
  return delta_chunk(column.value, 0, group, pages);
}
Chunk chunk_of(const RepeatedInteger& column, const Runs& group, const std::vector<Page>& pages) {
  return delta_chunk(column.value, 0, group, pages);
}

Chunk chunk_of(const Slices& column, const Runs& group, const std::vector<Page>& pages) {
  Chunk chunk;
  chunk.encoding = parquet::Encoding::BYTE_STREAM_SPLIT;
  const auto& numbers = column.numbers->values();
  double least = std::numeric_limits<double>::infinity(), most = -least;
  for (std::size_t run = 0; run < column.first.size(); ++run) {
    const auto begin = numbers.begin() + column.first[run];
    const auto [low, high] = std::ranges::minmax_element(begin, begin + group.lengths[run]);
    least = std::min(least, *low);
    most = std::max(most, *high);
  }
  set_bounds(chunk, least, most);
  for (const auto& page : pages) {
    const auto rows = rows_of(page);
    std::string values(8 * rows, '\0');
    for (std::size_t byte = 0; byte < 8; ++byte) {
      auto* to = values.data() + byte * rows;
      for (const auto& part : page) {
        std::memcpy(to, column.numbers->plane(byte) + column.first[part.run] + part.offset, part.length);
        to += part.length;
      }
    }
    chunk.pages.push_back(std::move(values));
  }
  return chunk;
}

Kind kind_of(const RunColumn& column) {
  if (std::holds_alternative<SameText>(column)) return Kind::text;
  if (std::holds_alternative<RepeatedInteger>(column)) return Kind::i64;
  return std::holds_alternative<Counting>(column) || std::holds_alternative<RepeatedNumber>(column) ? Kind::u64
                                                                                                    : Kind::f64;
}

std::size_t runs_of(const RunColumn& column, std::size_t all) {
  if (const auto* values = std::get_if<Counting>(&column)) return values->first.size();
  if (const auto* values = std::get_if<RepeatedNumber>(&column)) return values->value.size();
  if (const auto* values = std::get_if<RepeatedInteger>(&column)) return values->value.size();
  if (const auto* values = std::get_if<RepeatedReal>(&column)) return values->value.size();
  if (const auto* values = std::get_if<Slices>(&column)) return values->first.size();
  return all;
}

bool fits(const Schema& schema, const Runs& group) {
  if (group.lengths.empty() || group.columns.size() != schema.size()) return false;
  std::uint64_t rows = 0;
  for (const auto length : group.lengths) {
    if (length == 0) return false;
    rows += length;
  }
  for (std::size_t i = 0; i < schema.size(); ++i) {
    if (kind_of(group.columns[i]) != schema[i].kind) return false;
    if (runs_of(group.columns[i], group.lengths.size()) != group.lengths.size()) return false;
  }
  return rows == group.rows;
}

}  // namespace

SplitNumbers::SplitNumbers(std::vector<double> values) : values_(std::move(values)), planes_(8 * values_.size()) {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const auto bits = std::bit_cast<std::uint64_t>(values_[i]);
    for (std::size_t byte = 0; byte < 8; ++byte)
      planes_[byte * values_.size() + i] = static_cast<std::uint8_t>(bits >> 8 * byte);
  }
}

struct RunsWriter::Impl {
  fs::path file;
  Schema schema;
  std::shared_ptr<parquet::WriterProperties> properties;
  parquet::SchemaDescriptor descriptor;
  std::shared_ptr<OutputFile> out;
  std::unique_ptr<parquet::FileMetaDataBuilder> metadata;
  std::shared_ptr<arrow::KeyValueMetadata> keys;
  std::uint64_t rows = 0;
  std::int16_t groups = 0;
  bool closed = false;

  // A file without its end is of no use to anybody.
  ~Impl() {
    if (closed || !out) return;
    std::error_code ignored;
    fs::remove(file, ignored);
  }

  template <class Work>
  auto at_border(const Work& work) -> decltype(work()) {
    return guarded(work, [&](const std::string& what) {
      if (out->reason() != 0) return out->error();
      return Error("PW_TABLE", "cannot write " + file.string() + ": " + what).with("file", file.string());
    });
  }

  void open(const WriteOptions& options) {
    parquet::schema::NodeVector nodes;
    for (const auto& field : schema) nodes.push_back(node_of(field));
    descriptor.Init(parquet::schema::GroupNode::Make("schema", parquet::Repetition::REQUIRED, nodes));
    properties = properties_of(schema, options);
    metadata = parquet::FileMetaDataBuilder::Make(&descriptor, properties);
    if (!options.metadata.empty()) keys = std::make_shared<arrow::KeyValueMetadata>();
    for (const auto& [key, value] : options.metadata) keys->Append(key, value);
    PARQUET_THROW_NOT_OK(out->Write("PAR1", 4));
  }

  std::int64_t put_page(parquet::PageWriter& pages, const Page& page, const std::string& values,
                        parquet::Encoding::type encoding, std::string& raw) const {
    const auto count = static_cast<std::int32_t>(rows_of(page));
    raw = all_present(static_cast<std::uint64_t>(count));
    raw += values;
    std::shared_ptr<arrow::ResizableBuffer> packed;
    PARQUET_ASSIGN_OR_THROW(packed, arrow::AllocateResizableBuffer(0));
    pages.Compress(arrow::Buffer(raw), packed.get());
    return pages.WriteDataPage(parquet::DataPageV1(packed, count, encoding, parquet::Encoding::RLE,
                                                   parquet::Encoding::RLE, static_cast<std::int64_t>(raw.size())));
  }

  std::int64_t put_chunk(parquet::ColumnChunkMetaDataBuilder& about, std::int16_t column, const Chunk& chunk,
                         const std::vector<Page>& pages) const {
    const auto writer =
        parquet::PageWriter::Open(out, parquet::Compression::ZSTD, &about, groups, column, arrow::default_memory_pool(),
                                  false, nullptr, nullptr, true, nullptr, nullptr, parquet::CodecOptions{kLevel});
    std::int64_t bytes = 0;
    if (chunk.coded > 0) {
      const auto dictionary = std::make_shared<arrow::Buffer>(chunk.dictionary);
      bytes += writer->WriteDictionaryPage(parquet::DictionaryPage(dictionary, chunk.coded, parquet::Encoding::PLAIN));
    }
    std::string raw;
    for (std::size_t i = 0; i < pages.size(); ++i)
      bytes += put_page(*writer, pages[i], chunk.pages[i], chunk.encoding, raw);
    parquet::EncodedStatistics bounds;
    about.SetStatistics(bounds.set_min(chunk.least).set_max(chunk.most).set_null_count(0));
    writer->Close(chunk.coded > 0, false);
    return bytes;
  }

  void write(const Runs& group) {
    const auto pages = pages_of(group);
    auto* about = metadata->AppendRowGroup();
    std::int64_t bytes = 0;
    for (std::size_t i = 0; i < schema.size(); ++i) {
      const auto chunk =
          std::visit([&](const auto& column) { return chunk_of(column, group, pages); }, group.columns[i]);
      bytes += put_chunk(*about->NextColumnChunk(), static_cast<std::int16_t>(i), chunk, pages);
    }
    about->set_num_rows(static_cast<std::int64_t>(group.rows));
    about->Finish(bytes, groups++);
    rows += group.rows;
  }
};

RunsWriter::RunsWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RunsWriter::~RunsWriter() = default;
RunsWriter::RunsWriter(RunsWriter&&) noexcept = default;

Result<RunsWriter> RunsWriter::create(const fs::path& file, Schema schema, WriteOptions options) {
  auto impl = std::make_unique<Impl>();
  impl->file = file;
  impl->schema = std::move(schema);
  PW_TRY(impl->out, OutputFile::create(file));
  PW_CHECK(impl->at_border([&]() -> Result<void> {
    impl->open(options);
    return {};
  }));
  return RunsWriter(std::move(impl));
}

Result<void> RunsWriter::write(const Runs& group) {
  if (!fits(impl_->schema, group))
    return Error("PW_DEFECT", impl_->file.string() + ": runs that do not fit the schema");
  return impl_->at_border([&]() -> Result<void> {
    impl_->write(group);
    return {};
  });
}

Result<WrittenFile> RunsWriter::close() {
  auto& impl = *impl_;
  return impl.at_border([&]() -> Result<WrittenFile> {
    parquet::WriteFileMetaData(*impl.metadata->Finish(impl.keys), impl.out.get());
    PARQUET_THROW_NOT_OK(impl.out->Close());
    impl.closed = true;
    return WrittenFile{impl.file.filename().string(), impl.rows, impl.out->bytes(), impl.out->sha256_hex()};
  });
}

}  // namespace placewright::table
