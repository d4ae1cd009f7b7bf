#include "table/gather.hpp"

#include <limits>

namespace placewright::table {
namespace {

constexpr auto kUnseen = std::numeric_limits<std::uint32_t>::max();

Column same_shape(const Column& column) {
  return std::visit([]<class C>(const C&) -> Column { return C{}; }, column);
}

template <class T>
void add_values(std::vector<T>& target, const std::vector<T>& more, std::size_t first, std::size_t count) {
  const auto from = more.begin() + static_cast<std::ptrdiff_t>(first);
  target.insert(target.end(), from, from + static_cast<std::ptrdiff_t>(count));
}

}  // namespace

Column empty_column(Kind kind) {
  switch (kind) {
    case Kind::u64:
      return std::vector<std::uint64_t>{};
    case Kind::i64:
      return std::vector<std::int64_t>{};
    case Kind::i32:
    case Kind::date32:
      return std::vector<std::int32_t>{};
    case Kind::i16:
      return std::vector<std::int16_t>{};
    case Kind::f64:
      return std::vector<double>{};
    case Kind::boolean:
      return std::vector<std::uint8_t>{};
    case Kind::text:
      return TextColumn{};
    case Kind::bytes:
      return std::vector<std::string>{};
    case Kind::text_list:
      return TextLists{};
  }
  return {};
}

std::size_t length(const Column& column) {
  if (const auto* text = std::get_if<TextColumn>(&column)) return text->codes.size();
  return std::visit(
      []<class C>(const C& values) -> std::size_t {
        if constexpr (std::is_same_v<C, TextColumn>)
          return 0;
        else
          return values.size();
      },
      column);
}

void Gather::add_text(std::size_t column, const TextColumn& more, std::size_t first, std::size_t count) {
  auto& target = std::get<TextColumn>(batch_.columns[column]);
  auto& interner = interners_[column];
  if (!interner) interner = std::make_unique<Interner>();
  std::vector<std::uint32_t> codes(more.dictionary.size(), kUnseen);
  for (std::size_t row = first; row < first + count; ++row) {
    auto& code = codes[more.codes[row]];
    if (code == kUnseen) code = interner->code(more.at(row));
    target.codes.push_back(code);
  }
}

void Gather::add(const Batch& batch, std::size_t first, std::size_t count) {
  if (batch_.columns.empty()) {
    for (const auto& column : batch.columns) batch_.columns.push_back(same_shape(column));
    interners_.resize(batch.columns.size());
  }
  for (std::size_t i = 0; i < batch.columns.size(); ++i) {
    if (i < skip_.size() && skip_[i]) continue;
    if (const auto* text = std::get_if<TextColumn>(&batch.columns[i])) {
      add_text(i, *text, first, count);
      continue;
    }
    std::visit(
        [&]<class C>(C& target) {
          if constexpr (!std::is_same_v<C, TextColumn>) add_values(target, std::get<C>(batch.columns[i]), first, count);
        },
        batch_.columns[i]);
  }
  batch_.rows += count;
}

Batch Gather::take() {
  for (std::size_t i = 0; i < interners_.size(); ++i) {
    if (interners_[i]) std::get<TextColumn>(batch_.columns[i]).dictionary = interners_[i]->dictionary();
  }
  interners_.clear();
  return std::exchange(batch_, Batch{});
}

Batch slice(const Batch& batch, std::size_t first, std::size_t count) {
  Batch piece{count, {}};
  for (const auto& column : batch.columns) {
    auto& copy = piece.columns.emplace_back(same_shape(column));
    if (const auto* text = std::get_if<TextColumn>(&column)) {
      auto& target = std::get<TextColumn>(copy);
      target.dictionary = text->dictionary;
      add_values(target.codes, text->codes, first, count);
      continue;
    }
    std::visit(
        [&]<class C>(C& target) {
          if constexpr (!std::is_same_v<C, TextColumn>) add_values(target, std::get<C>(column), first, count);
        },
        copy);
  }
  return piece;
}

namespace {

void append_text(TextColumn& target, const TextColumn& more) {
  if (target.dictionary == more.dictionary) {
    add_values(target.codes, more.codes, 0, more.codes.size());
    return;
  }
  Interner interner(target.dictionary);
  std::vector<std::uint32_t> codes;
  codes.reserve(more.dictionary.size());
  for (const auto& text : more.dictionary) codes.push_back(interner.code(text));
  for (const auto code : more.codes) target.codes.push_back(codes[code]);
  target.dictionary = interner.dictionary();
}

}  // namespace

void append(Batch& target, const Batch& more) {
  if (target.columns.empty()) {
    target = more;
    return;
  }
  for (std::size_t i = 0; i < more.columns.size(); ++i) {
    std::visit(
        [&]<class C>(C& column) {
          const auto& added = std::get<C>(more.columns[i]);
          if constexpr (std::is_same_v<C, TextColumn>)
            append_text(column, added);
          else
            add_values(column, added, 0, added.size());
        },
        target.columns[i]);
  }
  target.rows += more.rows;
}

}  // namespace placewright::table
