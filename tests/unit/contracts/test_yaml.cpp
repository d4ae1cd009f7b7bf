#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "base/text.hpp"
#include "contracts/yaml.hpp"

namespace placewright::contracts {
namespace {

// Type and value as tests/vectors/yaml_scalars.txt spells them.
std::string described(const Json& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return value.get<bool>() ? "bool true" : "bool false";
  if (value.is_number_integer()) return "int " + value.dump();
  if (value.is_number()) {
    const auto number = value.get<double>();
    if (std::isnan(number)) return "nan";
    if (std::isinf(number)) return number > 0 ? "inf" : "-inf";
    return "float " + double_text(number);
  }
  return value.is_object() ? "date" : "text " + value.get<std::string>();
}

TEST(Yaml, ResolvesEveryScalarAsTheReferenceLoaderDoes) {
  std::ifstream table(PW_TESTS "/vectors/yaml_scalars.txt");
  std::string line;
  std::size_t lines = 0;
  while (std::getline(table, line)) {
    if (line.starts_with("#")) continue;
    const auto tab = line.find('\t');
    const auto value = parse_yaml("k: " + line.substr(0, tab), "test");
    EXPECT_EQ(value ? described((*value)["k"]) : "fault", line.substr(tab + 1)) << line;
    ++lines;
  }
  EXPECT_GT(lines, 100U);
}

TEST(Yaml, ReadsBlockScalarsAsText) { EXPECT_EQ(*parse_yaml("a: |\n  NO\n", "test"), (Json{{"a", "NO\n"}})); }

TEST(Yaml, LetsTheLastOfTwoEqualKeysWin) { EXPECT_EQ(*parse_yaml("a: 1\na: 2\n", "test"), (Json{{"a", 2}})); }

TEST(Yaml, TurnsKeysThatAreNoTextIntoTheTextOfTheirValue) {
  EXPECT_EQ(*parse_yaml("NO: 1\n2024: 2\n", "test"), (Json{{"false", 1}, {"2024", 2}}));
}

TEST(Yaml, MergesBelowTheOwnKeys) {
  const auto value = parse_yaml("a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {x: 9, <<: [*a, *b]}\n", "test");
  ASSERT_TRUE(value);
  EXPECT_EQ((*value)["c"], (Json{{"x", 9}, {"y", 1}, {"z", 2}}));
}

TEST(Yaml, ReadsTheEmptyTextAsNull) { EXPECT_EQ(*parse_yaml("", "test"), Json()); }

TEST(Yaml, RefusesWhatTheSafeLoaderRefuses) {
  for (const auto* text : {"a: [1", "a: b: c", "--- 1\n--- 2\n", "a: !!python/name:os.system x", "a: !thing 1", "<<: 1",
                           "a: \xff", "a: 99999999999999999999", "a: 0x_", "a: *nowhere"}) {
    const auto value = parse_yaml(text, "test.yaml");
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().code(), "PW_YAML");
    EXPECT_TRUE(value.error().message().starts_with("test.yaml: "));
  }
}

// Zeros behind the first character make yaml-cpp read UTF-32, which gave text that was not UTF-8.
TEST(Yaml, RefusesCharactersThatYamlKeepsOut) {
  for (const std::string_view text :
       {std::string_view(":\0\0\0base: &b:5 ", 14), std::string_view("a\0b", 3), std::string_view("a: \x1b[0m"),
        std::string_view("a: \x7f"), std::string_view("a: \xc2\x9b"), std::string_view("a: \xef\xbf\xbf")}) {
    const auto read = parse_yaml(text, "test");
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code(), "PW_YAML");
  }
  EXPECT_TRUE(
      parse_yaml("\xef\xbb\xbf"
                 "a:\t\"\xc2\x85\xc2\xa0\xef\xbf\xbd\"\r\n",
                 "test"));
}

// yaml-cpp's LoadAll never ends here.
TEST(Yaml, RefusesAStrayCommaAtOnce) {
  for (const auto* text : {",2 02:a", ",", "a: 1\n}", "- a\n, b"}) {
    const auto read = parse_yaml(text, "test");
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code(), "PW_YAML");
  }
}

TEST(Yaml, NamesTheLineOfAFault) {
  const auto value = parse_yaml("a: 1\nb: 2\nc: !thing 3\n", "p.yaml");
  EXPECT_EQ(value.error().message(), "p.yaml: line 3: tag !thing is not allowed");
}

TEST(Yaml, BoundsWhatAliasesMayExpandTo) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    std::ostringstream line;
    line << "a" << i << ": &a" << i << " [";
    for (int j = 0; j < 10; ++j) line << (j ? ", *a" : "*a") << i - 1;
    text += line.str() + "]\n";
  }
  EXPECT_EQ(parse_yaml(text, "test").error().code(), "PW_YAML");
}

TEST(Yaml, BoundsDepth) {
  EXPECT_TRUE(parse_yaml(std::string(100, '[') + std::string(100, ']'), "test"));
  EXPECT_FALSE(parse_yaml(std::string(300, '[') + std::string(300, ']'), "test"));
  EXPECT_FALSE(parse_yaml(std::string(100000, '['), "test"));
}

TEST(Yaml, KeepsTheOrderOfTopLevelKeysOnRequest) {
  EXPECT_EQ(*yaml_keys("z: 1\na: 2\nz: 3\n", "test"), (std::vector<std::string>{"z", "a"}));
}

}  // namespace
}  // namespace placewright::contracts
