#include <gtest/gtest.h>

#include <limits>

#include "states/s8_egress/row_law.hpp"

namespace placewright::states::s8_egress {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Row {
  MerchantId merchant = 7;
  std::string country = "GB";
  std::int32_t order = 1;
  double lon = -0.1, lat = 51.5;
};

table::Batch batch(const std::vector<Row>& rows) {
  std::vector<std::uint64_t> merchant;
  table::TextColumn country;
  std::vector<std::int32_t> order;
  std::vector<double> lon, lat;
  for (const auto& row : rows) {
    merchant.push_back(row.merchant);
    country.dictionary.push_back(row.country);
    country.codes.push_back(static_cast<std::uint32_t>(country.codes.size()));
    order.push_back(row.order);
    lon.push_back(row.lon);
    lat.push_back(row.lat);
  }
  table::Batch out{rows.size(), {}};
  out.columns.emplace_back(std::move(merchant));
  out.columns.emplace_back(std::move(country));
  out.columns.emplace_back(std::move(order));
  out.columns.emplace_back(std::move(lon));
  out.columns.emplace_back(std::move(lat));
  return out;
}

std::string code_of(const std::vector<Row>& rows, const std::optional<StoredKey>& previous = std::nullopt) {
  return first_fault(batch(rows), previous).code();
}

TEST(RowLaw, AcceptsTheWholeDomain) {
  EXPECT_TRUE(lawful(batch({{1, "AA", 1, -180, -90}, {~0ULL, "ZZ", 2147483647, 180, 90}})));
}

TEST(RowLaw, RefusesEveryBrokenConstraint) {
  const std::vector<Row> broken = {{0},
                                   {7, "GB\n"},
                                   {7, "gb"},
                                   {7, "G"},
                                   {7, "GB", 0},
                                   {7, "GB", 1, 180.0000000001},
                                   {7, "GB", 1, -181},
                                   {7, "GB", 1, kNan},
                                   {7, "GB", 1, 0, 90.0000000005},
                                   {7, "GB", 1, 0, -kInfinity},
                                   {7, "GB", 1, 0, kNan}};
  for (const auto& row : broken) {
    EXPECT_FALSE(lawful(batch({row})));
    EXPECT_EQ(code_of({row}), "E804_SCHEMA_VIOLATION");
  }
}

TEST(RowLaw, TellsDuplicatesFromDisorder) {
  const Row one{7, "GB", 1}, two{7, "GB", 2};
  EXPECT_TRUE(lawful(batch({one, two})));
  EXPECT_EQ(code_of({one, one}), "E803_DUP_KEY");
  EXPECT_EQ(code_of({two, one}), "E806_WRITER_SORT_VIOLATION");
  EXPECT_EQ(code_of({two}, stored_key(batch({two}), 0)), "E803_DUP_KEY");
  EXPECT_EQ(code_of({one}, stored_key(batch({two}), 0)), "E806_WRITER_SORT_VIOLATION");
}

TEST(RowLaw, OrdersMerchantsUnsignedAndCountriesByText) {
  EXPECT_TRUE(lawful(batch(
      {{9223372036854775807ULL, "ZW", 9}, {9223372036854775808ULL, "AD", 1}, {9223372036854775808ULL, "GB", 1}})));
  EXPECT_FALSE(lawful(batch({{9223372036854775808ULL}, {9223372036854775807ULL}})));
}

TEST(RowLaw, OrderIsLookedAtBeforeConstraints) {
  EXPECT_EQ(code_of({{7, "GB", 2}, {7, "GB", 2, kNan}}), "E803_DUP_KEY");
}

TEST(RowLaw, CountsCountries) {
  std::map<std::string, std::uint64_t> counts;
  count_countries(batch({{7, "FR"}, {7, "GB"}, {8, "FR"}}), counts);
  EXPECT_EQ(counts, (std::map<std::string, std::uint64_t>{{"FR", 2}, {"GB", 1}}));
}

}  // namespace
}  // namespace placewright::states::s8_egress
