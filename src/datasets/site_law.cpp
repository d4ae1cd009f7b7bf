#include "datasets/site_law.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace placewright::datasets {
namespace {

std::optional<SiteFault> range_fault(const char* field, double value, int limit) {
  if (within(value, limit)) return std::nullopt;
  const auto text = double_text(value);
  if (!std::isfinite(value)) return SiteFault{field, text + " is not a finite number"};
  const auto* side = value > 0 ? " is greater than the maximum of " : " is less than the minimum of -";
  return SiteFault{field, text + side + std::to_string(limit)};
}

}  // namespace

std::optional<SiteFault> site_fault(MerchantId merchant, std::string_view country, std::int64_t site_order, double lon,
                                    double lat) {
  if (merchant < 1) return SiteFault{"merchant_id", "0 is less than the minimum of 1"};
  if (!Iso::parse(country)) return SiteFault{"legal_country_iso", json_text(country) + " does not match '^[A-Z]{2}$'"};
  if (site_order < 1) return SiteFault{"site_order", std::to_string(site_order) + " is less than the minimum of 1"};
  if (auto fault = range_fault("lon_deg", lon, 180)) return fault;
  return range_fault("lat_deg", lat, 90);
}

}  // namespace placewright::datasets
