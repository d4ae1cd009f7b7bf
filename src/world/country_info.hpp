// GeoNames countryInfo.txt: the ISO table and the people of each country.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace placewright::world {

struct CountryInfo {
  Iso iso;
  std::string alpha3;
  std::int16_t numeric = 0;
  std::string name;
  std::uint64_t population = 0;
};

// Codes that ISO 3166-1 withdrew and the file still lists: Netherlands Antilles, Serbia and Montenegro.
bool withdrawn(Iso iso);

// Rows by code, with the laws of spec upstream B.3: 19 fields, codes of letters, unique code and (alpha3, numeric);
// UK and XK are dropped, and withdrawn codes unless asked for. REF_ISO_FIELDS, REF_ISO_CODE, REF_ISO_DUP, REF_ISO_ROWS.
Result<std::vector<CountryInfo>> parse_country_info(std::string_view text, bool with_withdrawn);

}  // namespace placewright::world
