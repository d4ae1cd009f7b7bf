#include "states/s9_validation/site_rows.hpp"

#include <algorithm>

namespace placewright::states::s9_validation {
namespace {

constexpr std::uint64_t kCursorRows = 200'000;

SiteRows as_rows(table::Batch&& batch, bool with_tile) {
  SiteRows rows;
  std::size_t next = 0;
  rows.merchant = std::get<std::vector<std::uint64_t>>(std::move(batch.columns[next++]));
  rows.country = std::get<table::TextColumn>(std::move(batch.columns[next++]));
  rows.order = std::get<std::vector<std::int64_t>>(std::move(batch.columns[next++]));
  if (with_tile) rows.tile = std::get<std::vector<std::uint64_t>>(std::move(batch.columns[next++]));
  rows.lon = std::get<std::vector<double>>(std::move(batch.columns[next++]));
  rows.lat = std::get<std::vector<double>>(std::move(batch.columns[next++]));
  return rows;
}

table::Schema schema(bool with_tile) {
  using table::Kind;
  table::Schema columns = {{"merchant_id", Kind::u64}, {"legal_country_iso", Kind::text}, {"site_order", Kind::i64}};
  if (with_tile) columns.push_back({"tile_id", Kind::u64});
  columns.push_back({"lon_deg", Kind::f64});
  columns.push_back({"lat_deg", Kind::f64});
  return columns;
}

}  // namespace

SiteTable::SiteTable(table::Dataset dataset, bool with_tile) : dataset_(std::move(dataset)), with_tile_(with_tile), starts_{0} {
  for (std::size_t g = 0; g < dataset_.groups(); ++g) starts_.push_back(starts_.back() + dataset_.group_rows(g));
}

Result<SiteTable> SiteTable::open(const std::filesystem::path& path, bool with_tile) {
  PW_TRY(auto dataset, table::Dataset::open(path));
  return SiteTable(std::move(dataset), with_tile);
}

Result<SiteRows> SiteTable::read(std::uint64_t first, std::uint64_t count) const {
  table::Batch all;
  count = first >= rows() ? 0 : std::min(count, rows() - first);
  auto g = static_cast<std::size_t>(std::ranges::upper_bound(starts_, first) - starts_.begin() - 1);
  while (count > 0) {
    const auto take = std::min(count, starts_[g + 1] - first);
    if (take > 0) {
      PW_TRY(auto batch, dataset_.read(g, schema(with_tile_)));
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
  return all.columns.empty() ? SiteRows() : as_rows(std::move(all), with_tile_);
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
