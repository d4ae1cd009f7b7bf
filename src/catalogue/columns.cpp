#include "catalogue/columns.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "catalogue/pack.hpp"
#include "hash/sha256.hpp"

namespace placewright::catalogue {
namespace {

struct Alias {
  std::string_view name;
  Role role;
};

constexpr Alias kAliases[] = {{"merchant_id", kId},          {"merchant_key", kKey},  {"country_iso", kCountry},
                              {"legal_country_iso", kCountry}, {"country", kCountry},   {"outlets", kCount},
                              {"count", kCount},             {"n_sites", kCount},     {"home_country_iso", kHome},
                              {"outlet_key", kOutletKey},    {"orientation", kOrientation}};

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

Error missing(std::string_view what, const std::vector<std::string>& names) {
  std::string hint;
  if (names.size() == 1 && names[0].find_first_of(";\t|") != std::string::npos) {
    hint = "; the fields must be separated by commas";
  }
  return Error("IMP_COLUMN_MISSING", "there is no column " + std::string(what) + "; the file has: " + shown(join(names, ", ")) + hint);
}

Error ambiguous(std::string_view a, std::string_view b) {
  return Error("IMP_COLUMN_AMBIGUOUS", "the columns " + std::string(a) + " and " + std::string(b) + " exclude each other");
}

std::uint64_t big_end_first(const hash::Digest& digest, std::size_t from) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8 | digest[from + i];
  return value;
}

}  // namespace

Result<Columns> find_columns(std::vector<std::string> names) {
  Columns columns;
  columns.names = std::move(names);
  for (std::size_t i = 0; i < columns.names.size(); ++i) {
    const auto name = lower(trim(columns.names[i]));
    const auto* alias = std::ranges::find(kAliases, name, &Alias::name);
    if (alias == std::end(kAliases)) {
      columns.ignored.push_back(shown(columns.names[i]));
      continue;
    }
    auto& at = columns.at[alias->role];
    if (at) return ambiguous(columns.names[*at], columns.names[i]);
    at = i;
  }
  if (columns.has(kId) && columns.has(kKey)) return ambiguous(columns.name(kId), columns.name(kKey));
  if (columns.has(kCount) && columns.has(kOutletKey)) return ambiguous(columns.name(kCount), columns.name(kOutletKey));
  if (!columns.has(kId) && !columns.has(kKey)) return missing("merchant_id or merchant_key", columns.names);
  if (!columns.has(kCountry)) return missing("country_iso", columns.names);
  return columns;
}

std::string_view set_id(Row& row, std::string_view text) {
  const auto id = parse_u64(text);
  if (!id || *id == 0) return "IMP_BAD_ID";
  row.merchant = *id;
  return {};
}

std::string_view set_key(Row& row, std::string_view key) {
  if (key.empty()) return "IMP_BAD_ID";
  const auto digest = hash::sha256(key);
  row.merchant = big_end_first(digest, 0);
  row.check = big_end_first(digest, 8);
  return row.merchant == 0 ? "IMP_BAD_ID" : "";
}

std::string_view set_country(Row& row, std::string_view text, const IsoTable& isos) {
  const auto iso = isos.parse(text);
  if (!iso) return "IMP_BAD_COUNTRY";
  row.country = *iso;
  return {};
}

std::string_view set_home(Row& row, std::string_view text, const IsoTable& isos) {
  if (trim(text).empty()) return {};
  const auto iso = isos.parse(text);
  if (!iso) return "IMP_BAD_COUNTRY";
  row.home = *iso;
  return {};
}

std::string_view set_count(Row& row, std::int64_t count) {
  if (count < 1) return "IMP_BAD_COUNT";
  if (count > kMaxOutlets) return "IMP_COUNT_OVERFLOW";
  row.outlets = static_cast<std::uint32_t>(count);
  return {};
}

std::string_view set_count(Row& row, std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return "IMP_BAD_COUNT";
  const auto count = parse_i64(text);
  return count ? set_count(row, *count) : "IMP_COUNT_OVERFLOW";
}

std::string_view set_orientation(Row& row, double value) {
  if (!(value < 0 || value > 1)) {
    row.orientation = value + 0.0;  // no negative zero
    return {};
  }
  return "IMP_BAD_ORIENTATION";
}

std::string_view set_orientation(Row& row, std::string_view text) {
  const auto cell = trim(text);
  if (cell.empty()) return {};
  const auto value = parse_double(cell);
  if (!value || *value != *value) return "IMP_BAD_ORIENTATION";
  return set_orientation(row, *value);
}

std::string shown(std::string_view value) {
  constexpr std::size_t kShown = 64;
  if (value.size() <= kShown) return std::string(value);
  auto size = kShown;
  while (size > 0 && (static_cast<unsigned char>(value[size]) & 0xC0) == 0x80) --size;
  return std::string(value.substr(0, size));
}

}  // namespace placewright::catalogue
