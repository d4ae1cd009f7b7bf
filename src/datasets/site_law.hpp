// What one row of site_locations must be (spec S7-S9 §2.2): S8 refuses rows by it, S9 judges published ones by it.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"

namespace placewright::datasets {

// Key of a row with the country as it is stored, which need not be a country code.
struct StoredKey {
  MerchantId merchant = 0;
  std::string country;
  std::int64_t site_order = 0;
  friend auto operator<=>(const StoredKey&, const StoredKey&) = default;
};

// |value| <= limit; false for NaN and infinities too.
constexpr bool within(double value, double limit) { return value >= -limit && value <= limit; }

struct SiteFault {
  const char* field;
  std::string sentence;  // "181.0 is greater than the maximum of 180"
};
// The first constraint, in column order, that a row breaks.
std::optional<SiteFault> site_fault(MerchantId merchant, std::string_view country, std::int64_t site_order, double lon,
                                    double lat);

}  // namespace placewright::datasets
