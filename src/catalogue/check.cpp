#include "catalogue/check.hpp"

#include <algorithm>

namespace placewright::catalogue {

Result<CheckReport> check_file(ImportOptions options, const std::vector<Iso>& denylist, work::Pool& pool) {
  options.out.clear();
  CheckReport report;
  PW_TRY(report.import, import_file(options, pool));
  for (const auto& [country, outlets] : report.import.outlets_by_country) {
    if (std::ranges::find(denylist, country) != denylist.end()) {
      report.concerns.push_back({country, outlets, "on the denylist: its outlets are dropped"});
    } else {
      report.to_place += outlets;
    }
  }
  return report;
}

}  // namespace placewright::catalogue
