// What an import would do, without writing.
#pragma once

#include "catalogue/import.hpp"

namespace placewright::catalogue {

struct CountryConcern {
  Iso country;
  std::uint64_t outlets = 0;
  std::string concern;  // "on the denylist: its outlets are dropped"
};

struct CheckReport {
  ImportReport import;
  std::vector<CountryConcern> concerns;  // by country
  std::uint64_t to_place = 0;            // outlets that are left
};

// `options.out` is ignored. Lines are judged as an import judges them, those in `options.without_tiles` included;
// countries of `denylist` are concerns, not bad lines.
Result<CheckReport> check_file(ImportOptions options, const std::vector<Iso>& denylist, work::Pool& pool);

}  // namespace placewright::catalogue
