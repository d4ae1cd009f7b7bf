#include "table/text.hpp"

#include <limits>

namespace placewright::table {

Interner::Interner(const std::vector<std::string>& dictionary) {
  for (const auto& text : dictionary) code(text);
}

std::uint32_t Interner::code(std::string_view text) {
  if (const auto found = codes_.find(text); found != codes_.end()) return found->second;
  const auto added = codes_.emplace(text, size()).first;
  order_.push_back(&added->first);
  return added->second;
}

std::vector<std::string> Interner::dictionary() const {
  std::vector<std::string> texts;
  texts.reserve(order_.size());
  for (const auto* text : order_) texts.push_back(*text);
  return texts;
}

TextColumn TextColumn::repeated(std::string value, std::size_t rows) {
  TextColumn column;
  if (rows == 0) return column;
  column.dictionary.push_back(std::move(value));
  column.codes.assign(rows, 0);
  return column;
}

namespace {

Error not_a_country(std::string_view name, std::size_t row, std::string_view text) {
  return Error("PW_TABLE", "column " + std::string(name) + ", row " + std::to_string(row + 1) + ": \"" +
                               std::string(text) + "\" is not a country code of two letters A-Z")
      .with("column", name)
      .with("row", row + 1)
      .with("value", text);
}

}  // namespace

Result<std::vector<Iso>> isos(const TextColumn& column, std::string_view name) {
  std::vector<std::optional<Iso>> parsed;
  parsed.reserve(column.dictionary.size());
  for (const auto& text : column.dictionary) parsed.push_back(Iso::parse(text));
  std::vector<Iso> countries(column.codes.size());
  for (std::size_t row = 0; row < countries.size(); ++row) {
    const auto& country = parsed[column.codes[row]];
    if (!country) return not_a_country(name, row, column.at(row));
    countries[row] = *country;
  }
  return countries;
}

TextColumn iso_column(std::span<const Iso> countries) {
  TextColumn column;
  column.codes.reserve(countries.size());
  constexpr auto kUnseen = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> codes(1U << 12, kUnseen);  // six low bits of either letter tell all codes apart
  for (std::size_t row = 0; row < countries.size(); ++row) {
    if (row > 0 && countries[row] == countries[row - 1]) {
      column.codes.push_back(column.codes.back());
      continue;
    }
    const auto packed = countries[row].packed();
    auto& code = codes[(packed >> 8 & 63U) << 6 | (packed & 63U)];
    if (code == kUnseen) {
      code = static_cast<std::uint32_t>(column.dictionary.size());
      column.dictionary.push_back(countries[row].text());
    }
    column.codes.push_back(code);
  }
  return column;
}

}  // namespace placewright::table
