// Is site_locations what S7 says, row by row and bit by bit (spec S7-S9 §3.4 b)?
#pragma once

#include <map>

#include "states/context.hpp"
#include "states/s9_validation/bundle.hpp"
#include "states/s9_validation/failures.hpp"
#include "states/s9_validation/site_rows.hpp"

namespace placewright::states::s9_validation {

struct Parity {
  std::uint64_t rows_s7 = 0, rows_s8 = 0;
  std::uint64_t writer_sort_violations = 0;  // of site_locations
  bool ok = true;                            // no key missing, none extra
  bool s7_rising = true;                     // keys of S7 rise strictly, so rows are distinct sites
  std::map<std::string, CountryRows> by_country;
};

// Records E901 to E904, E906 and E914. Blocks that are equal and lawful are proved in parallel; from the first other
// block on the two tables are merged row by row.
Result<Parity> compare(Context& context, const SiteTable& s7, const SiteTable& s8, Failures& failures);

// The columns of every part file are exactly those of the schema: E904 with detail column_set.
Result<void> check_columns(const SiteTable& table, const table::Schema& schema, const std::string& dataset,
                           Failures& failures);

}  // namespace placewright::states::s9_validation
