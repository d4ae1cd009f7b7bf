#include "catalogue/merchants.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace placewright::catalogue {
namespace {

class MerchantCheck {
 public:
  MerchantCheck(const Columns& columns, const RowStore& store, RejectLog& rejects)
      : columns_(columns), store_(store), rejects_(rejects) {}

  Result<void> check(MerchantRows rows) {
    const auto* first = &*std::ranges::min_element(rows, {}, &Row::line);
    PW_CHECK(each_kept(rows, [&](Row& row) -> Result<void> {
      return row.check == first->check ? Result<void>() : drop(row, kKey, std::to_string(row.merchant), "IMP_ID_COLLISION");
    }));
    if (columns_.has(kHome)) PW_CHECK(check_home(rows));
    if (columns_.has(kOrientation)) PW_CHECK(check_orientation(rows));
    if (columns_.has(kOutletKey)) PW_CHECK(check_outlet_keys(rows));
    return check_pairs(rows);
  }

 private:
  template <class Visit>
  static Result<void> each_kept(MerchantRows rows, const Visit& visit) {
    for (auto& row : rows) {
      if (row.outlets > 0) PW_CHECK(visit(row));
    }
    return {};
  }

  Result<void> drop(Row& row, Role role, std::string_view value, std::string_view code) {
    row.outlets = 0;
    return rejects_.add({row.line, columns_.has(role) ? columns_.name(role) : std::string(), shown(value), std::string(code)});
  }

  // The first kept row by line of which `given` says yes.
  template <class Given>
  static const Row* first_given(MerchantRows rows, const Given& given) {
    const Row* first = nullptr;
    for (const auto& row : rows) {
      if (row.outlets > 0 && given(row) && (!first || row.line < first->line)) first = &row;
    }
    return first;
  }

  Result<void> check_home(MerchantRows rows) {
    const auto given = [](const Row& row) { return row.home.packed() != 0; };
    const auto* first = first_given(rows, given);
    return each_kept(rows, [&](Row& row) -> Result<void> {
      return !given(row) || row.home == first->home ? Result<void>() : drop(row, kHome, row.home.text(), "IMP_HOME_CONFLICT");
    });
  }

  Result<void> check_orientation(MerchantRows rows) {
    const auto given = [](const Row& row) { return row.orientation == row.orientation; };
    const auto* first = first_given(rows, given);
    return each_kept(rows, [&](Row& row) -> Result<void> {
      if (!given(row) || row.orientation == first->orientation) return {};
      return drop(row, kOrientation, double_text(row.orientation), "IMP_ORIENTATION_CONFLICT");
    });
  }

  Result<void> check_outlet_keys(MerchantRows rows) {
    std::vector<std::pair<std::string_view, Row*>> order;
    for (auto& row : rows) {
      if (row.outlets > 0) order.emplace_back(store_.key(row), &row);
    }
    std::ranges::sort(order, [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first < b.first : a.second->line < b.second->line;
    });
    for (std::size_t i = 1; i < order.size(); ++i) {
      if (order[i].first != order[i - 1].first) continue;
      PW_CHECK(drop(*order[i].second, kOutletKey, order[i].first, "IMP_DUP_OUTLET"));
    }
    return {};
  }

  Result<void> check_pairs(MerchantRows rows) {
    for (std::size_t i = 0; i < rows.size();) {
      std::int64_t total = 0;
      std::size_t next = i;
      for (; next < rows.size() && rows[next].country == rows[i].country; ++next) {
        auto& row = rows[next];
        if (row.outlets == 0) continue;
        if (total > 0 && !columns_.outlet_rows()) {
          PW_CHECK(drop(row, kCountry, row.country.text(), "IMP_DUP_PAIR"));
        } else {
          total += row.outlets;
        }
      }
      if (total > kMaxOutlets) PW_CHECK(drop_pair(rows.subspan(i, next - i), total));
      i = next;
    }
    return {};
  }

  // One bad line for the pair: which of its outlets are too many, nobody can say.
  Result<void> drop_pair(MerchantRows pair, std::int64_t total) {
    Row* first = nullptr;
    for (auto& row : pair) {
      if (row.outlets > 0 && !first) first = &row;
      row.outlets = 0;
    }
    return drop(*first, kCountry, first->country.text() + ": " + std::to_string(total), "IMP_COUNT_OVERFLOW");
  }

  const Columns& columns_;
  const RowStore& store_;
  RejectLog& rejects_;
};

}  // namespace

Result<void> each_merchant(std::vector<Row>& rows, const std::function<Result<void>(MerchantRows)>& visit) {
  for (std::size_t i = 0; i < rows.size();) {
    auto next = i;
    while (next < rows.size() && rows[next].merchant == rows[i].merchant) ++next;
    PW_CHECK(visit(MerchantRows(rows).subspan(i, next - i)));
    i = next;
  }
  return {};
}

Result<void> check_merchants(std::vector<Row>& rows, const Columns& columns, const RowStore& store, RejectLog& rejects) {
  MerchantCheck check(columns, store, rejects);
  return each_merchant(rows, [&](MerchantRows merchant) { return check.check(merchant); });
}

bool summarise(std::span<const Row> rows, std::vector<CountryOutlets>& countries, Merchant& merchant) {
  countries.clear();
  merchant = Merchant{};
  for (const auto& row : rows) {
    if (row.outlets == 0) continue;
    if (countries.empty() || countries.back().country != row.country) countries.push_back({row.country, 0});
    countries.back().outlets += row.outlets;
    merchant.total += row.outlets;
    if (row.home.packed() != 0) merchant.home = row.home;
    if (row.orientation == row.orientation) merchant.orientation = row.orientation;
  }
  if (countries.empty()) return false;
  merchant.id = rows.front().merchant;
  if (merchant.home.packed() == 0) {
    // Most outlets; the first of equals has the smaller code.
    merchant.home = std::ranges::max_element(countries, {}, &CountryOutlets::outlets)->country;
  }
  merchant.countries = countries;
  return true;
}

}  // namespace placewright::catalogue
