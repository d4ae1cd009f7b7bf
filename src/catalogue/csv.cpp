#include "catalogue/csv.hpp"

#include <algorithm>

namespace placewright::catalogue {
namespace {

constexpr std::uint64_t kMaxText = std::uint64_t{64} << 30;

bool starts_field(std::string_view text, std::size_t at) { return at == 0 || text[at - 1] == ',' || text[at - 1] == '\n'; }

}  // namespace

std::size_t complete_records(std::string_view text) {
  std::size_t end = 0;
  std::size_t at = 0;  // everything before it has been seen, and it stands outside quotes
  const auto see_plain = [&](std::size_t until) {
    const auto line = text.substr(at, until - at).rfind('\n');
    if (line != std::string_view::npos) end = at + line + 1;
  };
  for (;;) {
    const auto quote = text.find('"', at);
    see_plain(quote == std::string_view::npos ? text.size() : quote);
    if (quote == std::string_view::npos) return end;
    at = quote + 1;
    if (!starts_field(text, quote)) continue;  // a stray quote: the record is bad, but it ends at its line end
    for (;;) {
      const auto close = text.find('"', at);
      // A quote in the last byte may yet turn out to be the first of a pair.
      if (close == std::string_view::npos || close + 1 == text.size()) return end;
      at = close + 1;
      if (text[at] != '"') break;
      ++at;
    }
  }
}

Result<std::string> ChunkReader::next() {
  while (!ended_) {
    std::string chunk = std::move(carry_);
    carry_.clear();
    const auto kept = chunk.size();
    chunk.resize(kept + chunk_bytes_);
    PW_TRY(const auto got, source_.read(chunk.data() + kept, chunk_bytes_));
    chunk.resize(kept + got);
    total_ += got;
    if (total_ > kMaxText) return Error("IMP_TOO_LARGE", "the file unpacks to more than 64 GiB");
    ended_ = got < chunk_bytes_;
    if (ended_) return chunk;
    const auto end = complete_records(chunk);
    if (chunk.size() - end > kMaxRecord) {
      const auto line = line_ + static_cast<std::uint64_t>(std::count(chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
      return Error("IMP_LINE_TOO_LONG", "line " + std::to_string(line) +
                                            ": the line is longer than 1 MiB, or a quote in it is never closed")
          .with("line", line);
    }
    carry_.assign(chunk, end);
    chunk.resize(end);
    line_ += static_cast<std::uint64_t>(std::count(chunk.begin(), chunk.end(), '\n'));
    if (end > 0) return chunk;
  }
  return std::string();
}

bool RecordReader::quoted_field(std::string_view& field) {
  const auto first = at_ + 1;
  auto close = chunk_.find('"', first);
  bool pairs = false;
  while (close != std::string_view::npos && close + 1 < chunk_.size() && chunk_[close + 1] == '"') {
    pairs = true;
    close = chunk_.find('"', close + 2);
  }
  if (close == std::string_view::npos) {
    at_ = chunk_.size();
    return false;
  }
  field = chunk_.substr(first, close - first);
  at_ = close + 1;
  if (pairs) {
    auto& text = unescaped_.emplace_back();
    for (std::size_t i = 0; i < field.size(); ++i) {
      text += field[i];
      if (field[i] == '"') ++i;
    }
    field = text;
  }
  return true;
}

RecordState RecordReader::next(std::vector<std::string_view>& fields) {
  fields.clear();
  unescaped_.clear();
  line_ = next_line_;
  if (at_ >= chunk_.size()) return RecordState::end;
  const auto begin = at_;
  bool good = true;
  for (bool more = true; more;) {
    std::string_view field;
    if (at_ < chunk_.size() && chunk_[at_] == '"') good = quoted_field(field) && good;
    const auto plain = at_;
    while (at_ < chunk_.size() && chunk_[at_] != ',' && chunk_[at_] != '\n') {
      good = good && chunk_[at_] != '"';
      ++at_;
    }
    auto rest = chunk_.substr(plain, at_ - plain);
    more = at_ < chunk_.size() && chunk_[at_] == ',';
    if (!more && !rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
    if (plain > begin && chunk_[plain - 1] == '"') {
      good = good && rest.empty();  // text behind a closing quote
    } else {
      field = rest;
    }
    fields.push_back(field);
    if (more) ++at_;
  }
  raw_ = chunk_.substr(begin, at_ - begin);
  next_line_ += static_cast<std::uint64_t>(std::count(raw_.begin(), raw_.end(), '\n'));
  if (at_ < chunk_.size()) {
    ++at_;
    ++next_line_;
  }
  if (raw_.ends_with('\r')) raw_.remove_suffix(1);
  return good ? RecordState::good : RecordState::bad_quotes;
}

}  // namespace placewright::catalogue
