// From rows to merchants: the laws that no single row can show.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "catalogue/columns.hpp"
#include "catalogue/pack.hpp"
#include "catalogue/reject_log.hpp"
#include "catalogue/rows.hpp"

namespace placewright::catalogue {

// Rows of one merchant, by country and line.
using MerchantRows = std::span<Row>;

// Calls `visit` for every merchant of the sorted rows, in order.
Result<void> each_merchant(std::vector<Row>& rows, const std::function<Result<void>(MerchantRows)>& visit);

// Two keys on one id, two homes, two orientations, a pair twice (count rows), an outlet key twice, too many outlets:
// of two lines that disagree the later one is bad. Bad rows are dropped (outlets = 0), the others that belong to one
// pair stay as they are.
Result<void> check_merchants(std::vector<Row>& rows, const Columns& columns, const RowStore& store, RejectLog& rejects);

// One merchant of the rows that are left; false when none is. `countries` is room for the caller to own.
bool summarise(std::span<const Row> rows, std::vector<CountryOutlets>& countries, Merchant& merchant);

}  // namespace placewright::catalogue
