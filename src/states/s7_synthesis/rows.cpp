#include "states/s7_synthesis/rows.hpp"

#include <algorithm>

namespace placewright::states::s7_synthesis {
namespace {

// 1 for each row whose text is `wanted`; the comparison is made once a dictionary entry.
std::vector<std::uint8_t> equal_to(const table::TextColumn& column, const std::string& wanted) {
  std::vector<std::uint8_t> entry(column.dictionary.size());
  std::ranges::transform(column.dictionary, entry.begin(), [&](const auto& text) { return text == wanted; });
  std::vector<std::uint8_t> rows(column.codes.size());
  std::ranges::transform(column.codes, rows.begin(), [&](auto code) { return entry[code]; });
  return rows;
}

template <class T>
void copy_rows(std::vector<T>& to, const std::vector<T>& from, std::size_t first, std::size_t count) {
  if (from.empty()) return;
  const auto begin = from.begin() + static_cast<std::ptrdiff_t>(first);
  to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>(count));
}

template <class T>
void keep_rows(std::vector<T>& values, const std::vector<std::uint8_t>& keep) {
  if (values.empty()) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (keep[i]) values[kept++] = values[i];
  }
  values.resize(kept);
}

Result<std::vector<Iso>> countries_of(const table::TextColumn& column) {
  auto countries = table::isos(column, "legal_country_iso");
  if (!countries) return std::move(countries).error().as("E704_SCHEMA_VIOLATION").with("detail", "country_not_iso2");
  return countries;
}

}  // namespace

void SiteRows::append(const SiteRows& more, std::size_t first, std::size_t count) {
  copy_rows(merchant, more.merchant, first, count);
  copy_rows(country, more.country, first, count);
  copy_rows(order, more.order, first, count);
  copy_rows(tile, more.tile, first, count);
  copy_rows(delta_lat, more.delta_lat, first, count);
  copy_rows(delta_lon, more.delta_lon, first, count);
  copy_rows(fingerprint_ok, more.fingerprint_ok, first, count);
  copy_rows(seed_ok, more.seed_ok, first, count);
}

SiteTable::SiteTable(table::Dataset dataset, Kind kind, const RunIdentity& identity)
    : dataset_(std::move(dataset)),
      kind_(kind),
      identity_(identity),
      cache_(std::make_shared<table::GroupCache<SiteRows>>()) {
  has_seed_ = kind == Kind::catalogue && dataset_.has("global_seed");
  starts_.push_back(0);
  for (std::size_t g = 0; g < dataset_.groups(); ++g) starts_.push_back(starts_.back() + dataset_.group_rows(g));
}

Result<SiteTable> SiteTable::open(const std::filesystem::path& path, Kind kind, const RunIdentity& identity) {
  PW_TRY(auto dataset, table::Dataset::open(path));
  return SiteTable(std::move(dataset), kind, identity);
}

table::Schema SiteTable::schema() const {
  using table::Kind;
  table::Schema schema = {{"merchant_id", Kind::u64}, {"legal_country_iso", Kind::text}, {"site_order", Kind::i64}};
  if (kind_ != SiteTable::Kind::catalogue) schema.push_back({"tile_id", Kind::u64});
  if (kind_ != SiteTable::Kind::assignment) schema.push_back({"manifest_fingerprint", Kind::text});
  if (kind_ == SiteTable::Kind::jitter) {
    schema.push_back({"delta_lat_deg", Kind::f64});
    schema.push_back({"delta_lon_deg", Kind::f64});
  }
  if (has_seed_) schema.push_back({"global_seed", Kind::u64});
  return schema;
}

Result<SiteRows> SiteTable::load(std::size_t group) const {
  PW_TRY(auto batch, dataset_.read(group, schema()));
  SiteRows rows;
  PW_TRY(rows.country, countries_of(batch.text(1)));
  rows.merchant = std::get<std::vector<std::uint64_t>>(std::move(batch.columns[0]));
  rows.order = std::get<std::vector<std::int64_t>>(std::move(batch.columns[2]));
  std::size_t next = 3;
  if (kind_ != Kind::catalogue) rows.tile = std::get<std::vector<std::uint64_t>>(std::move(batch.columns[next++]));
  if (kind_ != Kind::assignment) rows.fingerprint_ok = equal_to(batch.text(next++), identity_.manifest_fingerprint);
  if (kind_ == Kind::jitter) {
    rows.delta_lat = std::get<std::vector<double>>(std::move(batch.columns[next++]));
    rows.delta_lon = std::get<std::vector<double>>(std::move(batch.columns[next++]));
  }
  if (has_seed_) {
    const auto& seeds = batch.u64(next);
    rows.seed_ok.resize(seeds.size());
    std::ranges::transform(seeds, rows.seed_ok.begin(), [&](auto seed) { return seed == identity_.seed; });
  }
  if (left_out_.empty()) return rows;
  std::vector<std::uint8_t> keep(rows.size());
  std::ranges::transform(rows.country, keep.begin(),
                         [&](Iso iso) { return !std::ranges::binary_search(left_out_, iso); });
  keep_rows(rows.merchant, keep);
  keep_rows(rows.country, keep);
  keep_rows(rows.order, keep);
  keep_rows(rows.tile, keep);
  keep_rows(rows.delta_lat, keep);
  keep_rows(rows.delta_lon, keep);
  keep_rows(rows.fingerprint_ok, keep);
  keep_rows(rows.seed_ok, keep);
  return rows;
}

Result<std::shared_ptr<const SiteRows>> SiteTable::group(std::size_t group) const {
  return cache_->get(group, [&] { return load(group); });
}

Result<std::map<Iso, std::uint64_t>> SiteTable::leave_out(const std::vector<Iso>& countries, work::Pool& pool) {
  left_out_ = countries;
  std::map<Iso, std::uint64_t> kept;
  using Counts = std::map<Iso, std::uint64_t>;
  std::vector<std::uint64_t> starts = {0};
  const auto count = [&](std::size_t g) -> Result<Counts> {
    PW_TRY(const auto batch, dataset_.read(g, {{"legal_country_iso", table::Kind::text}}));
    const auto& column = batch.text(0);
    std::vector<std::uint64_t> per_code(column.dictionary.size());
    for (const auto code : column.codes) ++per_code[code];
    Counts counts;
    for (std::size_t code = 0; code < per_code.size(); ++code) {
      if (per_code[code] == 0) continue;
      PW_TRY(const auto iso, countries_of({{column.dictionary[code]}, {0}}));
      if (!std::ranges::binary_search(left_out_, iso[0])) counts[iso[0]] += per_code[code];
    }
    return counts;
  };
  const auto add = [&](std::size_t, Counts&& counts) -> Result<void> {
    starts.push_back(starts.back());
    for (const auto& [iso, rows] : counts) {
      kept[iso] += rows;
      starts.back() += rows;
    }
    return {};
  };
  PW_CHECK(work::ordered<Counts>(pool, dataset_.groups(), count, add));
  starts_ = std::move(starts);
  return kept;
}

Result<SiteRows> SiteTable::read(std::uint64_t first, std::uint64_t count) const {
  SiteRows rows;
  auto g = static_cast<std::size_t>(std::ranges::upper_bound(starts_, first) - starts_.begin() - 1);
  const auto changed = [&](const SiteRows& source) { return source.size() != starts_[g + 1] - starts_[g]; };
  const auto changed_error = [&] {
    return Error("PW_IO", dataset_.files().front().parent_path().string() + " changed while it was read");
  };
  if (first == starts_[g] && count > 0 && count == starts_[g + 1] - starts_[g]) {  // no other block shares it
    PW_TRY(rows, load(g));
    return changed(rows) ? Result<SiteRows>(changed_error()) : Result<SiteRows>(std::move(rows));
  }
  while (count > 0) {
    const auto offset = first - starts_[g];
    const auto take = std::min(count, starts_[g + 1] - first);
    if (take > 0) {
      PW_TRY(const auto source, group(g));
      if (changed(*source)) return changed_error();
      rows.append(*source, offset, take);
    }
    first += take;
    count -= take;
    ++g;
  }
  return rows;
}

}  // namespace placewright::states::s7_synthesis
