#include "states/s9_validation/site_rows.hpp"

#include <algorithm>

namespace placewright::states::s9_validation {
namespace {

constexpr std::uint64_t kCursorRows = 200'000;

SiteRows as_rows(table::Batch&& batch, SiteTable::Columns columns) {
  SiteRows rows;
  rows.merchant = std::get<std::vector<std::uint64_t>>(std::move(batch.columns[0]));
  rows.country = std::get<table::TextColumn>(std::move(batch.columns[1]));
  rows.order = std::get<std::vector<std::int64_t>>(std::move(batch.columns[2]));
  if (columns == SiteTable::Columns::tiles) {
    rows.tile = std::get<std::vector<std::uint64_t>>(std::move(batch.columns[3]));
  } else {
    rows.lon = std::get<std::vector<double>>(std::move(batch.columns[3]));
    rows.lat = std::get<std::vector<double>>(std::move(batch.columns[4]));
  }
  return rows;
}

table::Schema schema(SiteTable::Columns columns) {
  using table::Kind;
  table::Schema fields = {{"merchant_id", Kind::u64}, {"legal_country_iso", Kind::text}, {"site_order", Kind::i64}};
  if (columns == SiteTable::Columns::tiles) {
    fields.push_back({"tile_id", Kind::u64});
  } else {
    fields.push_back({"lon_deg", Kind::f64});
    fields.push_back({"lat_deg", Kind::f64});
  }
  return fields;
}

}  // namespace

SiteTable::SiteTable(table::Dataset dataset, Columns columns)
    : dataset_(std::move(dataset)), columns_(columns), starts_{0} {
  for (std::size_t g = 0; g < dataset_.groups(); ++g) starts_.push_back(starts_.back() + dataset_.group_rows(g));
}

Result<SiteTable> SiteTable::open(const std::filesystem::path& path, Columns columns) {
  PW_TRY(auto dataset, table::Dataset::open(path));
  return SiteTable(std::move(dataset), columns);
}

Result<SiteRows> SiteTable::read(std::uint64_t first, std::uint64_t count) const {
  table::Batch all;
  count = first >= rows() ? 0 : std::min(count, rows() - first);
  auto g = static_cast<std::size_t>(std::ranges::upper_bound(starts_, first) - starts_.begin() - 1);
  while (count > 0) {
    const auto take = std::min(count, starts_[g + 1] - first);
    if (take > 0) {
      PW_TRY(auto batch, dataset_.read(g, schema(columns_)));
      if (take == batch.rows && all.rows == 0) {
        all = std::move(batch);
      } else {
        table::append(all, table::slice(batch, first - starts_[g], take));
      }
    }
    first += take;
    count -= take;
    ++g;
  }
  return all.columns.empty() ? SiteRows() : as_rows(std::move(all), columns_);
}

Result<bool> SiteCursor::advance() {
  if (started_ && at_ + 1 < rows_.size()) {
    ++at_;
    return true;
  }
  started_ = true;
  PW_TRY(rows_, table_.read(next_, kCursorRows));
  next_ += rows_.size();
  at_ = 0;
  return rows_.size() > 0;
}

}  // namespace placewright::states::s9_validation
