#include "states/s4_allocation/demand.hpp"

#include <algorithm>
#include <tuple>

#include "datasets/schemas.hpp"

namespace placewright::states::s4_allocation {
namespace {

std::optional<Error> fault_of(const Requirement* previous, const Requirement& pair, const std::vector<Iso>& iso_codes) {
  const auto place = "s3_requirements, merchant " + std::to_string(pair.merchant) + " in " + pair.country.text();
  if (previous) {
    const auto before = std::tie(previous->merchant, previous->country), now = std::tie(pair.merchant, pair.country);
    if (now < before) return Error("E408_UNSORTED", place + " is out of order").with("detail", "s3_requirements_unsorted");
    if (now == before) return Error("E407_PK_DUPLICATE", place + " is listed twice").with("detail", "s3_requirements_duplicate_pair");
  }
  if (!std::ranges::binary_search(iso_codes, pair.country)) {
    return Error("E402_MISSING_TILE_WEIGHTS", place + ": the country is not in the ISO table")
        .with("detail", "iso_fk_missing")
        .with("legal_country_iso", pair.country);
  }
  if (pair.sites <= 0) {
    return Error("E405_SCHEMA_INVALID", place + ": n_sites must be positive, found " + std::to_string(pair.sites))
        .with("detail", "n_sites_non_positive")
        .with("merchant_id", pair.merchant)
        .with("legal_country_iso", pair.country);
  }
  return std::nullopt;
}

}  // namespace

Result<Requirements> read_requirements(const table::Dataset& rows, const std::vector<Iso>& iso_codes) {
  Requirements out;
  out.pairs.reserve(rows.rows());
  for (std::size_t group = 0; group < rows.groups(); ++group) {
    PW_TRY(const auto batch, rows.read(group, datasets::kRequirements));
    PW_TRY(const auto countries, table::isos(batch.text(1), "legal_country_iso"));
    for (std::size_t i = 0; i < batch.rows; ++i) {
      const Requirement pair{batch.u64(0)[i], countries[i], batch.i64(2)[i]};
      const auto* previous = out.pairs.empty() ? nullptr : &out.pairs.back();
      out.fault = fault_of(previous, pair, iso_codes);
      if (out.fault) return out;
      if (!previous || previous->merchant != pair.merchant) ++out.merchants;
      out.pairs.push_back(pair);
    }
  }
  return out;
}

}  // namespace placewright::states::s4_allocation
