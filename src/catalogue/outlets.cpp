#include "catalogue/outlets.hpp"

#include <utility>

namespace placewright::catalogue {
namespace {

constexpr std::size_t kBlockRows = 100'000;

std::string six_digits(std::int32_t order) {
  auto text = std::to_string(order);
  return std::string(6 - text.size(), '0') + text;
}

}  // namespace

std::uint32_t OutletRows::site_id_code(std::int32_t order) {
  const auto at = static_cast<std::size_t>(order);
  if (at >= slots_.size()) slots_.resize(at + at / 2 + 64);
  auto& slot = slots_[at];
  if (slot.block != block_) {
    slot = {block_, static_cast<std::uint32_t>(site_id_.dictionary.size())};
    site_id_.dictionary.push_back(six_digits(order));
  }
  return slot.code;
}

void OutletRows::add_row(const Merchant& merchant, const CountryOutlets& pair, std::int32_t order) {
  merchant_.push_back(merchant.id);
  site_id_.codes.push_back(site_id_code(order));
  home_.push_back(merchant.home);
  country_.push_back(pair.country);
  multi_.push_back(merchant.total > 1 ? 1 : 0);
  total_.push_back(static_cast<std::int32_t>(merchant.total));
  count_.push_back(static_cast<std::int32_t>(pair.outlets));
  order_.push_back(order);
}

Result<void> OutletRows::add(const Merchant& merchant) {
  for (const auto& pair : merchant.countries) {
    for (std::int32_t order = 1; order <= pair.outlets; ++order) {
      add_row(merchant, pair, order);
      if (order_.size() == kBlockRows) PW_CHECK(flush());
    }
  }
  return {};
}

Result<void> OutletRows::flush() {
  if (order_.empty()) return {};
  table::Batch batch;
  batch.rows = order_.size();
  batch.columns.emplace_back(table::TextColumn::repeated(identity_.manifest_fingerprint, batch.rows));
  batch.columns.emplace_back(std::exchange(merchant_, {}));
  batch.columns.emplace_back(std::exchange(site_id_, {}));
  batch.columns.emplace_back(table::iso_column(home_));
  batch.columns.emplace_back(table::iso_column(country_));
  batch.columns.emplace_back(std::exchange(multi_, {}));
  batch.columns.emplace_back(std::exchange(total_, {}));
  batch.columns.emplace_back(std::exchange(count_, {}));
  batch.columns.emplace_back(std::exchange(order_, {}));
  batch.columns.emplace_back(std::vector<std::uint64_t>(batch.rows, identity_.seed));
  home_.clear();
  country_.clear();
  ++block_;
  return write_(std::move(batch));
}

}  // namespace placewright::catalogue
