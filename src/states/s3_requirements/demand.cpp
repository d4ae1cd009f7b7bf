#include "states/s3_requirements/demand.hpp"

#include <algorithm>
#include <tuple>

namespace placewright::states::s3_requirements {
namespace {

std::string name(const Wanted& pair) { return "merchant " + std::to_string(pair.merchant) + " in " + pair.country.text(); }

Error pair_fault(const char* code, const Wanted& pair, const std::string& what) {
  return Error(code, "outlet catalogue, " + name(pair) + ": " + what)
      .with("merchant_id", pair.merchant)
      .with("legal_country_iso", pair.country);
}

}  // namespace

Result<void> Demand::add(const Segment& segment) {
  tally_.source_rows += static_cast<std::uint64_t>(segment.rows);
  const bool goes_on = open_.sites > 0 && open_.merchant == segment.merchant && open_.country == segment.country;
  if (!goes_on) {
    PW_CHECK(finish());
    open_ = {segment.merchant, segment.country, 0};
  }
  if (segment.broken || segment.first_order != open_.sites + 1) {
    return pair_fault("E314_SITE_ORDER_INTEGRITY", open_, "site_order must run 1, 2, 3 ... without a gap");
  }
  open_.sites += segment.rows;
  return {};
}

Result<void> Demand::finish() {
  if (open_.sites == 0) return {};
  const auto pair = open_;
  open_ = {};
  return complete(pair);
}

Result<void> Demand::complete(const Wanted& pair) {
  if (any_ && std::tie(pair.merchant, pair.country) < std::tie(last_.merchant, last_.country)) {
    return pair_fault("E310_UNSORTED", pair, "comes after " + name(last_) + "; the catalogue must be sorted").with("detail", "writer_sort_violation");
  }
  last_ = pair;
  any_ = true;
  if (std::ranges::binary_search(countries_.denied, pair.country)) {
    tally_.dropped_countries.insert(pair.country);
    ++tally_.dropped_pairs;
    tally_.dropped_sites += static_cast<std::uint64_t>(pair.sites);
    dropped_.push_back(pair);
    return {};
  }
  if (!std::ranges::binary_search(countries_.known, pair.country)) {
    return Error("E302_ISO_FK", "outlet catalogue, " + name(pair) + ": the country is not in the ISO table").with("legal_country_iso", pair.country);
  }
  if (!std::ranges::binary_search(countries_.weighted, pair.country)) {
    return Error("E303_TILE_WEIGHT_COVERAGE", "outlet catalogue, " + name(pair) + ": the country has no tile in this world")
        .with("legal_country_iso", pair.country);
  }
  if (tally_.emitted == 0 || pair.merchant != last_merchant_) ++tally_.merchants;
  last_merchant_ = pair.merchant;
  tally_.countries.insert(pair.country);
  ++tally_.emitted;
  wanted_.push_back(pair);
  return {};
}

}  // namespace placewright::states::s3_requirements
