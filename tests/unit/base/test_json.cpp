#include "base/json.hpp"

#include <gtest/gtest.h>

#include "base/codes.hpp"

namespace placewright {

TEST(JsonText, SortsKeysEscapesAndKeepsIntegersExact) {
  const Json value = {{"b", 18446744073709551615U}, {"a", {1.0, nullptr, true}}, {"\xe2\x89\xa5", "x\n\"\\/"}};
  EXPECT_EQ(compact(value), R"({"a":[1.0,null,true],"b":18446744073709551615,"\u2265":"x\n\"\\/"})");
  EXPECT_EQ(spaced(value), R"({"a": [1.0, null, true], "b": 18446744073709551615, "\u2265": "x\n\"\\/"})");
}

TEST(JsonText, ParsingRefusesMalformedAndDeeplyNestedText) {
  EXPECT_EQ(parse_json("{\"a\":", "x.json").error().code(), "PW_JSON");
  EXPECT_EQ(parse_json(std::string(100000, '['), "x.json").error().code(), "PW_JSON");
  EXPECT_EQ((*parse_json("[18446744073709551615]", "x"))[0].get<std::uint64_t>(), 18446744073709551615U);
}

TEST(Facts, ALaterFactReplacesAnEarlierOneOfItsName) {
  const auto error = Error("X", "m").with("n", std::uint64_t{1}).with("key", SiteKey{7, *Iso::parse("GB"), 1}).with("n", std::uint64_t{2});
  ASSERT_EQ(error.facts().size(), 2U);
  EXPECT_EQ(error.facts()[0].second, "2");
  EXPECT_EQ(error.facts()[1].second, "[7, \"GB\", 1]");
}

TEST(CodeTable, HasEachCodeOnceWithAMeaningAndAnAnswer) {
  const auto rows = code_table();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_FALSE(rows[i].meaning.empty() || rows[i].next.empty()) << rows[i].code;
    EXPECT_EQ(find_code(rows[i].code), &rows[i]) << rows[i].code << " is listed twice";
  }
}

}  // namespace placewright
