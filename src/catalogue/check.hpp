// What an import would do, without writing.
#pragma once

#include "catalogue/import.hpp"

namespace placewright::catalogue {

struct CountryConcern {
  Iso country;
  std::uint64_t outlets = 0;
  std::string concern;  // "no tile in this world: an import refuses these lines" or "on the denylist: its outlets are dropped"
};

struct CheckReport {
  ImportReport import;
  std::vector<CountryConcern> concerns;  // by country
};

// `options.out` is ignored. Countries of `options.without_tiles` and of `denylist` are concerns, not bad lines: here the
// reader learns of all of them at once.
Result<CheckReport> check_file(ImportOptions options, const std::vector<Iso>& denylist, work::Pool& pool);

}  // namespace placewright::catalogue
