#include "catalogue/check.hpp"

#include <algorithm>
#include <utility>

namespace placewright::catalogue {

Result<CheckReport> check_file(ImportOptions options, const std::vector<Iso>& denylist, work::Pool& pool) {
  options.out.clear();
  const auto without_tiles = std::exchange(options.without_tiles, {});
  CheckReport report;
  PW_TRY(report.import, import_file(options, pool));
  for (const auto& [country, outlets] : report.import.outlets_by_country) {
    if (std::ranges::find(without_tiles, country) != without_tiles.end()) {
      report.concerns.push_back({country, outlets, "no tile in this world: an import refuses these lines"});
    } else if (std::ranges::find(denylist, country) != denylist.end()) {
      report.concerns.push_back({country, outlets, "on the denylist: its outlets are dropped"});
    }
  }
  return report;
}

}  // namespace placewright::catalogue
