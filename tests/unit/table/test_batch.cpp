#include "sample.hpp"

namespace placewright::table {
namespace {

TEST(Batch, SlicesHoldTheirRows) { expect_equal(slice(sample(0, 100), 30, 40), sample(30, 40)); }

TEST(Batch, AppendedSlicesMakeTheWhole) {
  Batch whole;
  for (std::size_t first = 0; first < 100; first += 9)
    append(whole, sample(first, std::min<std::size_t>(9, 100 - first)));
  expect_equal(whole, sample(0, 100));
  EXPECT_EQ(whole.text(7).dictionary.size(), 6U);
}

TEST(TextColumn, RepeatedHoldsItsStringOnce) {
  const auto column = TextColumn::repeated("center", 3);
  EXPECT_EQ(column.dictionary.size(), 1U);
  ASSERT_EQ(column.codes.size(), 3U);
  EXPECT_EQ(column.at(2), "center");
  EXPECT_TRUE(TextColumn::repeated("center", 0).codes.empty());
}

TEST(Isos, ComeBackFromTheirColumn) {
  std::vector<Iso> countries;
  for (const auto* code : {"DE", "DE", "AT", "DE", "ZW"}) countries.push_back(*Iso::parse(code));
  const auto column = iso_column(countries);
  EXPECT_EQ(column.dictionary, (std::vector<std::string>{"DE", "AT", "ZW"}));
  const auto back = isos(column, "country_iso");
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, countries);
}

TEST(Isos, AnotherTextIsNamedByColumnAndRow) {
  for (const auto* wrong : {"de", "D", "DEU", "", "D1"}) {
    const auto read = isos({{"DE", wrong}, {0, 0, 1}}, "country_iso");
    ASSERT_FALSE(read) << wrong;
    EXPECT_EQ(read.error().code(), "PW_TABLE");
    EXPECT_NE(read.error().message().find("country_iso, row 3"), std::string::npos);
  }
  EXPECT_TRUE(isos({{"DE", "never used"}, {0, 0}}, "country_iso"));
}

}  // namespace
}  // namespace placewright::table
