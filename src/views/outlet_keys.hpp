// The user's own names of outlets, joined to sites.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "table/table.hpp"
#include "work/pool.hpp"

namespace placewright::views {

// outlet_keys.parquet of a catalogue pack: a row an outlet, in the order of SiteKey. A few row groups are in memory at
// a time. Reading is safe from many threads at once.
class OutletKeys {
 public:
  // One pass over the site keys; out of order or one twice: IMP_PACK_DAMAGED.
  static Result<OutletKeys> open(const std::filesystem::path& file, work::Pool& pool);

  // The key of each site, the sites ascending; keys of sites that are not asked for (a denylisted country) are passed
  // over. A site without a key: IMP_PACK_DAMAGED.
  Result<std::vector<std::string>> of(const std::vector<SiteKey>& sites) const;

 private:
  OutletKeys(std::filesystem::path file, table::Dataset data) : file_(std::move(file)), data_(std::move(data)) {}
  std::size_t group_of(const SiteKey& site) const;

  std::filesystem::path file_;
  table::Dataset data_;
  std::vector<SiteKey> last_;  // of each row group
};

// Columns 0 to 2 of a batch, merchant_id, legal_country_iso and site_order (i32), as keys.
Result<std::vector<SiteKey>> site_keys(const table::Batch& batch);

}  // namespace placewright::views
