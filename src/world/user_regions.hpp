// A user's table of regions, written as the region table that S2's macro regions are made of (spec upstream B.8).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "world/country_info.hpp"

namespace placewright::world {

struct UserRegions {
  std::string csv;                   // of the ISO table's codes, in order: country_iso, ..., region, subregion, dates
  std::vector<std::string> without;  // codes that no macro region takes in: S2 counts them as `Other`
  std::vector<std::string> unknown;  // codes of the file that are not in the ISO table, left out; ascending
};

// Either a table with a header (comma, semicolon or tab), whose columns of country, region and subregion are found by
// name: the UN's M49 overview and the usual lists of country codes; or GeoNames' countryInfo.txt, whose continents are
// taken. REF_REGION_COLUMNS without such columns or with another number of fields in a line, REF_REGION_DUP for a code
// with two regions; both name the line. Text that is not UTF-8 is REF_REGION_COLUMNS.
Result<UserRegions> user_regions(std::string_view text, const std::vector<CountryInfo>& table, std::string_view source);

// Codes of `table` that the region table `csv` gives no macro region; Antarctica, which M49 leaves without, is none.
std::vector<std::string> codes_without_region(std::string_view csv, const std::vector<Iso>& codes);

}  // namespace placewright::world
