#include <algorithm>

#include "base/text.hpp"
#include "catalogue/csv.hpp"
#include "catalogue/read_rows.hpp"

namespace placewright::catalogue {
namespace {

// A chunk's rows, or the line (relative, from 0) at which the file as a whole is given up.
struct ParsedChunk {
  RowBlock block;
  std::string_view fatal;
  std::uint64_t fatal_line = 0;
};

bool is_ascii(std::string_view text) {
  unsigned char any = 0;
  for (const char c : text) any |= static_cast<unsigned char>(c);
  return any < 0x80;
}

std::optional<std::uint64_t> first_line_not_utf8(std::string_view text) {
  if (is_ascii(text) || is_utf8(text)) return std::nullopt;
  std::uint64_t line = 0;
  for (;; ++line) {
    const auto end = text.find('\n');
    if (!is_utf8(text.substr(0, end)) || end == std::string_view::npos) return line;
    text.remove_prefix(end + 1);
  }
}

class ChunkParser {
 public:
  ChunkParser(const Columns& columns, const ImportOptions& options)
      : columns_(columns), isos_(options.isos), unplaceable_(country_set(options.without_tiles)) {}

  ParsedChunk parse(std::string_view chunk) const {
    ParsedChunk parsed;
    if (const auto line = first_line_not_utf8(chunk)) {
      parsed.fatal = "IMP_ENCODING";
      parsed.fatal_line = *line;
      return parsed;
    }
    parsed.block.rows.reserve(chunk.size() / 24);
    RecordReader reader(chunk);
    std::vector<std::string_view> fields;
    for (auto state = reader.next(fields); state != RecordState::end; state = reader.next(fields)) {
      if (reader.raw().size() > kMaxRecord) {
        parsed.fatal = "IMP_LINE_TOO_LONG";
        parsed.fatal_line = reader.line();
        return parsed;
      }
      if (fields.size() == 1 && columns_.names.size() > 1 && trim(reader.raw()).empty()) continue;
      ++parsed.block.records;
      take(state, fields, reader, parsed.block);
    }
    parsed.block.lines = reader.lines_read();
    return parsed;
  }

 private:
  void take(RecordState state, const std::vector<std::string_view>& fields, const RecordReader& reader, RowBlock& block) const {
    if (state == RecordState::bad_quotes) {
      block.rejects.push_back({reader.line(), "", shown(reader.raw()), "IMP_QUOTE"});
      return;
    }
    if (fields.size() != columns_.names.size()) {
      block.rejects.push_back({reader.line(), "", shown(reader.raw()), "IMP_FIELDS"});
      return;
    }
    Row row;
    row.line = reader.line();
    row.outlets = 1;
    for (std::size_t role = 0; role < kRoles; ++role) {
      if (!columns_.at[role]) continue;
      const auto cell = fields[*columns_.at[role]];
      const auto fault = set(row, static_cast<Role>(role), cell);
      if (fault.empty()) continue;
      block.rejects.push_back({row.line, columns_.names[*columns_.at[role]], shown(cell), std::string(fault)});
      return;
    }
    if (columns_.has(kOutletKey)) block.add_key(row, fields[*columns_.at[kOutletKey]]);
    block.rows.push_back(row);
  }

  std::string_view set(Row& row, Role role, std::string_view cell) const {
    switch (role) {
      case kId: return set_id(row, cell);
      case kKey: return set_key(row, cell);
      case kCountry: {
        const auto fault = set_country(row, cell, isos_);
        return fault.empty() && unplaceable_[row.country.packed()] ? "IMP_COUNTRY_NOT_PLACEABLE" : fault;
      }
      case kCount: return set_count(row, cell);
      case kHome: return set_home(row, cell, isos_);
      case kOutletKey: return cell.empty() ? "IMP_BAD_OUTLET_KEY" : "";
      case kOrientation: return set_orientation(row, cell);
      case kRoles: break;
    }
    return {};
  }

  const Columns& columns_;
  const IsoTable& isos_;
  std::bitset<65536> unplaceable_;
};

Error fatal(const ImportOptions& options, std::string_view code, std::uint64_t line) {
  const auto* what = code == "IMP_ENCODING" ? "the bytes are not UTF-8" : "the line is longer than 1 MiB, or a quote in it is never closed";
  return Error(std::string(code), options.file.string() + ", line " + std::to_string(line) + ": " + what).with("line", line);
}

// Takes the header off the first chunk.
Result<Columns> take_header(const ImportOptions& options, std::string& chunk, std::uint64_t& lines) {
  if (chunk.starts_with("\xEF\xBB\xBF")) chunk.erase(0, 3);
  if (const auto line = first_line_not_utf8(chunk); line == std::optional<std::uint64_t>(0)) {
    return fatal(options, "IMP_ENCODING", 1);
  }
  RecordReader reader(chunk);
  std::vector<std::string_view> fields;
  const auto state = reader.next(fields);
  if (state == RecordState::end) return Error("IMP_EMPTY", options.file.string() + " is empty").in("import");
  if (state == RecordState::bad_quotes) {
    return Error("IMP_QUOTE", options.file.string() + ", line 1: quotes in the header do not follow RFC 4180").with("line", 1);
  }
  lines = reader.lines_read();
  PW_TRY(auto columns, find_columns({fields.begin(), fields.end()}));
  chunk.erase(0, std::min(chunk.size(), static_cast<std::size_t>(reader.raw().data() - chunk.data()) + reader.raw().size()));
  // The header's own line end.
  if (chunk.starts_with("\r\n")) chunk.erase(0, 2);
  else if (chunk.starts_with('\n')) chunk.erase(0, 1);
  return columns;
}

}  // namespace

std::bitset<65536> country_set(const std::vector<Iso>& countries) {
  std::bitset<65536> set;
  for (const auto iso : countries) set.set(iso.packed());
  return set;
}

Result<void> take_block(RowBlock&& block, std::uint64_t base, ReadRows& read, RejectLog& rejects, work::Pool& pool) {
  for (auto& row : block.rows) row.line += base + 1;
  for (auto& reject : block.rejects) {
    reject.line += base + 1;
    PW_CHECK(rejects.add(std::move(reject)));
  }
  read.rows += block.records;
  if (read.columns.may_fold()) fold_pairs(block.rows);
  return read.store.add(std::move(block), pool);
}

Result<ReadRows> read_csv(const ImportOptions& options, RejectLog& rejects, work::Pool& pool) {
  PW_TRY(const auto source, open_source(options.file));
  ChunkReader reader(*source);
  PW_TRY(auto chunk, reader.next());
  std::uint64_t lines = 0;
  PW_TRY(auto columns, take_header(options, chunk, lines));
  ReadRows read{columns, RowStore(options.memory, columns.may_fold()), 0};
  const ChunkParser parser(read.columns, options);

  // Waves of chunks: read one after the other, parsed side by side, taken in order.
  const std::size_t wave = 4 * static_cast<std::size_t>(pool.threads());
  std::optional<Error> stop;
  std::vector<std::string> chunks{std::move(chunk)};
  for (bool more = true; more;) {
    while (more && chunks.size() < wave) {
      auto next = reader.next();
      if (!next) stop = std::move(next).error();
      more = next && !next->empty();
      if (more) chunks.push_back(std::move(next).value());
    }
    std::vector<ParsedChunk> parsed(chunks.size());
    PW_CHECK(work::for_each(pool, chunks.size(), [&](std::size_t i) -> Result<void> {
      parsed[i] = parser.parse(chunks[i]);
      return {};
    }));
    for (auto& one : parsed) {
      if (!one.fatal.empty()) return fatal(options, one.fatal, lines + one.fatal_line + 1);
      const auto block_lines = one.block.lines;
      PW_CHECK(take_block(std::move(one.block), lines, read, rejects, pool));
      lines += block_lines;
    }
    if (stop) return std::move(*stop).in(options.file.string());
    chunks.clear();
  }
  return read;
}

}  // namespace placewright::catalogue
