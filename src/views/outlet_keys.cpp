#include "views/outlet_keys.hpp"

#include <algorithm>

namespace placewright::views {
namespace {

namespace fs = std::filesystem;

const table::Schema kSite = {
    {"merchant_id", table::Kind::u64}, {"legal_country_iso", table::Kind::text}, {"site_order", table::Kind::i32}};

table::Schema with_key() {
  auto schema = kSite;
  schema.push_back({"outlet_key", table::Kind::text});
  return schema;
}

Error damaged(const fs::path& file, const SiteKey& site, const std::string& what) {
  return Error("IMP_PACK_DAMAGED", file.string() + ": " + what + " merchant " + std::to_string(site.merchant) + ", " +
                                       site.country.text() + ", outlet " + std::to_string(site.site_order) +
                                       "; import the catalogue again");
}

struct Ends {
  SiteKey first, last;
};

Result<Ends> ends_of(const table::Dataset& data, std::size_t group, const fs::path& file) {
  PW_TRY(const auto batch, data.read(group, kSite));
  PW_TRY(const auto sites, site_keys(batch));
  if (sites.empty()) return Error("IMP_PACK_DAMAGED", file.string() + ": an empty row group");
  const auto bad = std::ranges::adjacent_find(sites, std::ranges::greater_equal());
  if (bad != sites.end()) return damaged(file, *bad, "out of order or twice after");
  return Ends{sites.front(), sites.back()};
}

}  // namespace

Result<std::vector<SiteKey>> site_keys(const table::Batch& batch) {
  PW_TRY(const auto countries, table::isos(batch.text(1), "legal_country_iso"));
  std::vector<SiteKey> sites(batch.rows);
  for (std::size_t i = 0; i < batch.rows; ++i) sites[i] = {batch.u64(0)[i], countries[i], batch.i32(2)[i]};
  return sites;
}

Result<OutletKeys> OutletKeys::open(const fs::path& file, work::Pool& pool) {
  PW_TRY(auto data, table::Dataset::open(file));
  OutletKeys keys(file, std::move(data));
  std::vector<Ends> ends(keys.data_.groups());
  PW_CHECK(work::for_each(pool, ends.size(), [&](std::size_t group) -> Result<void> {
    PW_TRY(ends[group], ends_of(keys.data_, group, file));
    return {};
  }));
  for (const auto& group : ends) {
    if (!keys.last_.empty() && group.first <= keys.last_.back())
      return damaged(file, group.first, "out of order or twice:");
    keys.last_.push_back(group.last);
  }
  return keys;
}

std::size_t OutletKeys::group_of(const SiteKey& site) const {
  return static_cast<std::size_t>(std::ranges::lower_bound(last_, site) - last_.begin());
}

Result<std::vector<std::string>> OutletKeys::of(const std::vector<SiteKey>& sites) const {
  std::vector<std::string> keys;
  keys.reserve(sites.size());
  while (keys.size() < sites.size()) {
    const auto group = group_of(sites[keys.size()]);
    if (group == last_.size()) return damaged(file_, sites[keys.size()], "no outlet_key for");
    PW_TRY(const auto batch, data_.read(group, with_key()));
    PW_TRY(const auto named, site_keys(batch));
    // Merged: both lists ascend, and this group holds every site up to its last.
    std::size_t row = 0;
    while (keys.size() < sites.size() && sites[keys.size()] <= last_[group]) {
      const auto& site = sites[keys.size()];
      while (named[row] < site) ++row;
      if (named[row] != site) return damaged(file_, site, "no outlet_key for");
      keys.emplace_back(batch.text(3).at(row));
    }
  }
  return keys;
}

}  // namespace placewright::views
