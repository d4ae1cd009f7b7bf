#include <gtest/gtest.h>

#include "world/country_info.hpp"

namespace placewright::world {
namespace {

std::string row(const std::string& iso, const std::string& alpha3, int numeric) {
  return iso + "\t" + alpha3 + "\t" + std::to_string(numeric) + "\tF\tName\tC\t1\t1000\tEU" + std::string(10, '\t') +
         "\n";
}

std::string many(std::size_t n) {
  std::string text = "\xEF\xBB\xBF#ISO\tISO3\n\n";
  for (std::size_t i = 0; i < n; ++i) {
    const std::string two = {static_cast<char>('A' + i / 20), static_cast<char>('A' + i % 20)};
    text += row(two, two + "Z", static_cast<int>(i));
  }
  return text;
}

TEST(CountryInfo, RowsComeByCodeWithoutUkAndXkAndWithdrawnCodes) {
  const auto text = many(240) + row("XK", "XKX", 900) + row("UK", "UKX", 901);
  const auto plain = parse_country_info(text, false), all = parse_country_info(text, true);
  ASSERT_TRUE(plain) << plain.error().message();
  ASSERT_TRUE(all);
  EXPECT_EQ(plain->size(), 238U);  // AN and CS are among the 240
  EXPECT_EQ(all->size(), 240U);
  EXPECT_EQ(plain->front().iso.text(), "AA");
  EXPECT_EQ(plain->front().population, 1000U);
}

TEST(CountryInfo, WindowsLineEndsAreTaken) {
  auto text = many(240);
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) text.insert(at, "\r");
  EXPECT_TRUE(parse_country_info(text, false));
}

void expect_code(const std::string& text, const std::string& code) {
  const auto rows = parse_country_info(text, true);
  ASSERT_FALSE(rows) << code;
  EXPECT_EQ(rows.error().code(), code) << rows.error().message();
}

TEST(CountryInfo, FaultsAreNamed) {
  expect_code(many(240) + "ZZ\tZZZ\t999\n", "REF_ISO_FIELDS");
  expect_code(many(240) + row("Z1", "ZZZ", 999), "REF_ISO_CODE");
  expect_code(many(240) + row("ZZ", "ZZ", 999), "REF_ISO_CODE");
  expect_code(many(240) + row("ZZ", "AAZ", 0), "REF_ISO_DUP");
  expect_code(many(240) + row("AA", "ZZZ", 999), "REF_ISO_DUP");
  expect_code(many(20), "REF_ISO_ROWS");
  expect_code("<html><body>moved</body></html>\n", "REF_ISO_FIELDS");
}

}  // namespace
}  // namespace placewright::world
