#include "base/text.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "base/ids.hpp"

namespace placewright {

TEST(DoubleText, IsLaidOutAsPythonReprLaysItOut) {
  const std::pair<double, const char*> cases[] = {
      {1.0, "1.0"},       {100000.0, "100000.0"}, {0.0001, "0.0001"}, {0.00001, "1e-05"}, {1e16, "1e+16"},
      {1e15, "1000000000000000.0"}, {123456789012345680.0, "1.2345678901234568e+17"}, {0.0, "0.0"}, {-0.0, "-0.0"},
      {5e-324, "5e-324"}, {5.421010862427522e-20, "5.421010862427522e-20"}, {-1.5, "-1.5"}, {0.1, "0.1"},
      {1e100, "1e+100"},  {9007199254740993.0, "9007199254740992.0"}, {12.5, "12.5"}, {0.00048828125, "0.00048828125"}};
  for (const auto& [value, text] : cases) EXPECT_EQ(double_text(value), text);
}

TEST(DoubleText, ReadsBackToTheSameBits) {
  std::mt19937_64 draw(1);
  for (int i = 0; i < 100000; ++i) {
    const auto value = std::bit_cast<double>(draw());
    if (!std::isfinite(value)) continue;
    EXPECT_EQ(std::bit_cast<std::uint64_t>(*parse_double(double_text(value))), std::bit_cast<std::uint64_t>(value));
  }
}

TEST(ParseU64, TakesTheWholeRangeAndNothingElse) {
  EXPECT_EQ(parse_u64("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(parse_u64("0"), 0U);
  for (const char* bad : {"", "-1", "+1", " 1", "1 ", "1.0", "18446744073709551616", "0x10", "1e3"}) EXPECT_FALSE(parse_u64(bad)) << bad;
}

TEST(Utf8, RefusesOverlongSurrogateAndTruncatedForms) {
  EXPECT_TRUE(is_utf8("caf\xc3\xa9 \xf0\x9f\x8f\xaa"));
  for (const char* bad : {"\xff", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
  }
}

TEST(IsoCode, OrdersAsItsTextAndTakesOnlyTwoUpperCaseLetters) {
  EXPECT_LT(*Iso::parse("AZ"), *Iso::parse("BA"));
  EXPECT_EQ(Iso::parse("NA")->text(), "NA");
  for (const char* bad : {"", "A", "ABC", "ab", "A1", "A\n"}) EXPECT_FALSE(Iso::parse(bad)) << bad;
}

TEST(SizesForPeople, AreGroupedAndRounded) {
  EXPECT_EQ(grouped(142447), "142 447");
  EXPECT_EQ(grouped(7), "7");
  EXPECT_EQ(bytes_text(999), "999 B");
  EXPECT_EQ(bytes_text(1536), "1.5 KiB");
}

}  // namespace placewright
