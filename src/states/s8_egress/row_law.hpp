// What a row of site_locations must be (spec S7-S9 §2.2): pure.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "datasets/site_law.hpp"
#include "table/table.hpp"

namespace placewright::states::s8_egress {

using datasets::StoredKey;
StoredKey stored_key(const table::Batch& rows, std::size_t row);

// REQUIRES of `rows`: merchant_id, legal_country_iso, site_order, lon_deg, lat_deg as u64, text, i32, f64, f64.

// True when all rows keep the constraints and rise strictly; says nothing on the block before.
bool lawful(const table::Batch& rows);

// The first fault in the order duplicate (E803), order (E806), constraints (E804), row by row; `previous` is the last
// key of the block before. PW_DEFECT when there is none.
Error first_fault(const table::Batch& rows, const std::optional<StoredKey>& previous);

// The first violated constraint of one row, worded as "181.0 is greater than the maximum of 180".
std::optional<std::string> constraint_fault(const table::Batch& rows, std::size_t row);

// Adds the rows of each country.
void count_countries(const table::Batch& rows, std::map<std::string, std::uint64_t>& counts);

}  // namespace placewright::states::s8_egress
