// Are two partitions equal row by row, although another program wrote one of them (rulings on exits)?
#pragma once

#include "store/publish.hpp"
#include "table/table.hpp"

namespace placewright::states {

// Compares columns and values of `schema`, doubles by their bits, in stored order across part files of any size. A
// partition with other columns, or one that cannot be read, is not the same.
store::SameRows same_rows(table::Schema schema);

}  // namespace placewright::states
