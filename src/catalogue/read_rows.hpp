// The two kinds of files an import reads, as rows.
#pragma once

#include "catalogue/columns.hpp"
#include "catalogue/import.hpp"
#include "catalogue/reject_log.hpp"
#include "catalogue/rows.hpp"

namespace placewright::catalogue {

struct ReadRows {
  Columns columns;
  RowStore store;
  std::uint64_t rows = 0;  // bad ones included
};

// Rows with a fault of their own go to `rejects`, one fault a line, in line order.
Result<ReadRows> read_csv(const ImportOptions& options, RejectLog& rejects, work::Pool& pool);
Result<ReadRows> read_parquet(const ImportOptions& options, RejectLog& rejects, work::Pool& pool);

// Countries of the list as a set of packed codes.
std::bitset<65536> country_set(const std::vector<Iso>& countries);

// Adds one block whose first line is `base` + 1.
Result<void> take_block(RowBlock&& block, std::uint64_t base, ReadRows& read, RejectLog& rejects, work::Pool& pool);

}  // namespace placewright::catalogue
