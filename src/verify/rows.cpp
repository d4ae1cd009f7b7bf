#include "verify/rows.hpp"

#include <algorithm>

namespace placewright::verify {

Rows::Rows(table::Dataset dataset, table::Schema schema)
    : dataset_(std::move(dataset)), schema_(std::move(schema)), starts_{0} {
  for (std::size_t g = 0; g < dataset_.groups(); ++g) starts_.push_back(starts_.back() + dataset_.group_rows(g));
}

Result<Rows> Rows::open(const store::RunFolder& run, std::string_view dataset, table::Schema schema) {
  PW_TRY(const auto path, run.locate(dataset));
  PW_TRY(auto opened, table::Dataset::open(path));
  return Rows(std::move(opened), std::move(schema));
}

Result<table::Batch> Rows::read(std::uint64_t first, std::uint64_t count) const {
  table::Batch all;
  auto g = static_cast<std::size_t>(std::ranges::upper_bound(starts_, first) - starts_.begin() - 1);
  do {
    const auto take = std::min(count, starts_[g + 1] - first);
    PW_TRY(auto batch, dataset_.read(g, schema_));
    if (take == batch.rows && all.columns.empty()) {
      all = std::move(batch);
    } else {
      table::append(all, table::slice(batch, first - starts_[g], take));
    }
    first += take;
    count -= take;
    ++g;
  } while (count > 0);
  return all;
}

Result<Keys> pair_keys(const table::Batch& batch) {
  PW_TRY(auto countries, table::isos(batch.text(1), "legal_country_iso"));
  return Keys{batch.u64(0), std::move(countries)};
}

Result<Keys> site_keys(const table::Batch& batch) {
  PW_TRY(auto keys, pair_keys(batch));
  keys.order = &batch.i64(2);
  return keys;
}

}  // namespace placewright::verify
