// Row groups of the outlet catalogue, condensed to one record per run of equal keys.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "table/table.hpp"

namespace placewright::states::s3_requirements {

// A maximal run of rows of one key inside one row group.
struct Segment {
  MerchantId merchant = 0;
  Iso country;
  std::int64_t first_order = 0;
  std::int64_t rows = 0;
  bool broken = false;  // site_order does not rise by one inside the segment
};

// Reads one row group. Every row must carry the run's fingerprint and, where the file has the column, its seed
// (E306_TOKEN_MISMATCH). A country that is not two letters A-Z is E302_ISO_FK. Safe from many threads.
Result<std::vector<Segment>> read_segments(const table::Dataset& outlets, std::size_t group, const RunIdentity& identity);

}  // namespace placewright::states::s3_requirements
