// Columns of the pack's files.
#pragma once

#include "table/table.hpp"

namespace placewright::catalogue {

inline const table::Schema kPairs = {{"merchant_id", table::Kind::u64, table::Encoding::delta},
                                     {"legal_country_iso", table::Kind::text},
                                     {"outlets", table::Kind::i64}};
inline const table::Schema kMerchants = {{"merchant_id", table::Kind::u64, table::Encoding::delta},
                                         {"home_country_iso", table::Kind::text},
                                         {"total", table::Kind::i64}};
inline const table::Field kOrientationField = {"orientation", table::Kind::f64, table::Encoding::dictionary};
inline const table::Schema kOutletKeys = {{"merchant_id", table::Kind::u64, table::Encoding::delta},
                                          {"legal_country_iso", table::Kind::text},
                                          {"site_order", table::Kind::i64, table::Encoding::delta},
                                          {"outlet_key", table::Kind::text, table::Encoding::plain}};

constexpr std::size_t kPackRowsPerGroup = 200'000;

}  // namespace placewright::catalogue
