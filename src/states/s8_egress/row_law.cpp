#include "states/s8_egress/row_law.hpp"

#include <algorithm>

namespace placewright::states::s8_egress {

using datasets::within;

StoredKey stored_key(const table::Batch& rows, std::size_t row) {
  return {rows.u64(0)[row], std::string(rows.text(1).at(row)), rows.i32(2)[row]};
}

bool lawful(const table::Batch& rows) {
  const auto& merchant = rows.u64(0);
  const auto& country = rows.text(1);
  const auto& order = rows.i32(2);
  std::vector<std::uint16_t> packed(country.dictionary.size());
  std::ranges::transform(country.dictionary, packed.begin(),
                         [](const auto& text) { return Iso::parse(text).value_or(Iso()).packed(); });
  bool good = true;
  std::uint16_t last = 0;
  for (std::size_t i = 0; i < rows.rows; ++i) {
    const auto iso = packed[country.codes[i]];
    good = good && iso != 0 && merchant[i] >= 1 && order[i] >= 1 && within(rows.f64(3)[i], 180) &&
           within(rows.f64(4)[i], 90);
    if (i > 0) {
      const bool same_merchant = merchant[i - 1] == merchant[i];
      good = good && (merchant[i - 1] < merchant[i] ||
                      (same_merchant && (last < iso || (last == iso && order[i - 1] < order[i]))));
    }
    if (!good) return false;
    last = iso;
  }
  return true;
}

std::optional<std::string> constraint_fault(const table::Batch& rows, std::size_t row) {
  const auto fault = datasets::site_fault(rows.u64(0)[row], rows.text(1).at(row), rows.i32(2)[row], rows.f64(3)[row], rows.f64(4)[row]);
  if (!fault) return std::nullopt;
  return std::string(fault->field) + ": " + fault->sentence;
}

Error first_fault(const table::Batch& rows, const std::optional<StoredKey>& before) {
  auto previous = before;
  for (std::size_t i = 0; i < rows.rows; ++i) {
    const auto key = stored_key(rows, i);
    const auto fault = [&](const char* code, const std::string& detail) {
      const auto site = std::to_string(key.merchant) + "/" + key.country + "/" + std::to_string(key.site_order);
      auto error = Error(code, "site " + site + " of S7: " + detail).with("detail", detail);
      const auto iso = Iso::parse(key.country);
      if (!iso)
        return std::move(error).with(
            "key", std::vector<std::string>{std::to_string(key.merchant), key.country, std::to_string(key.site_order)});
      return std::move(error).with("key", SiteKey{key.merchant, *iso, key.site_order});
    };
    if (previous && key == *previous) return fault("E803_DUP_KEY", "duplicate_key");
    if (previous && key < *previous) return fault("E806_WRITER_SORT_VIOLATION", "writer_sort_violation");
    if (const auto broken = constraint_fault(rows, i)) return fault("E804_SCHEMA_VIOLATION", *broken);
    previous = key;
  }
  return Error("PW_DEFECT", "S8 refused a block of rows in which it then found no fault");
}

void count_countries(const table::Batch& rows, std::map<std::string, std::uint64_t>& counts) {
  const auto& country = rows.text(1);
  std::vector<std::uint64_t> per_code(country.dictionary.size());
  for (const auto code : country.codes) ++per_code[code];
  for (std::size_t code = 0; code < per_code.size(); ++code) {
    if (per_code[code] > 0) counts[country.dictionary[code]] += per_code[code];
  }
}

}  // namespace placewright::states::s8_egress
