// Which column of a file says what, and what one cell may hold.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "catalogue/iso_table.hpp"
#include "catalogue/rows.hpp"

namespace placewright::catalogue {

enum Role { kId, kKey, kCountry, kCount, kHome, kOutletKey, kOrientation, kRoles };

// Position of every role among the columns of a file.
struct Columns {
  std::optional<std::size_t> at[kRoles];
  std::vector<std::string> names;    // as the file spells them
  std::vector<std::string> ignored;

  bool has(Role role) const { return at[role].has_value(); }
  const std::string& name(Role role) const { return names[*at[role]]; }
  bool outlet_rows() const { return !has(kCount); }
  // Does a row say nothing but "one more outlet of this pair"?
  bool may_fold() const { return outlet_rows() && !has(kOutletKey); }
};

// Aliases: legal_country_iso and country for country_iso, count and n_sites for outlets; case and blanks around a name
// do not matter. IMP_COLUMN_MISSING, IMP_COLUMN_AMBIGUOUS.
Result<Columns> find_columns(std::vector<std::string> names);

// Cells into a row. Each answers the code of what is wrong, empty when nothing is.
std::string_view set_id(Row& row, std::string_view text);
std::string_view set_key(Row& row, std::string_view key);  // first 8 bytes of SHA-256, big end first
std::string_view set_country(Row& row, std::string_view text, const IsoTable& isos);
std::string_view set_home(Row& row, std::string_view text, const IsoTable& isos);  // empty: not given
std::string_view set_count(Row& row, std::string_view text);
std::string_view set_count(Row& row, std::int64_t count);
std::string_view set_orientation(Row& row, std::string_view text);                 // empty: not given
std::string_view set_orientation(Row& row, double value);                          // NaN: not given

// At most 64 bytes, cut at a character.
std::string shown(std::string_view value);

}  // namespace placewright::catalogue
