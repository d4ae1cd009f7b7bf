#include "states/s0_gate/bundle.hpp"

#include <gtest/gtest.h>

#include <map>

namespace placewright::states::s0_gate {
namespace {

const std::string kHex(64, 'a');

Json row(const std::string& id, const Json& path) {
  return {{"artifact_id", id}, {"kind", "table"}, {"path", path}, {"mime", "application/json"}, {"notes", nullptr}};
}

std::string code_of(const Json& index) {
  const auto paths = index_paths(index);
  return paths ? "" : paths.error().code();
}

TEST(Flag, IsOneLineOfExactBytes) {
  EXPECT_EQ(parse_flag("sha256_hex = " + kHex + "\n"), kHex);
  EXPECT_EQ(parse_flag("sha256_hex = " + kHex), kHex);
  EXPECT_EQ(parse_flag("sha256_hex = " + kHex + "\r\n"), kHex);
}

TEST(Flag, RefusesEverythingElse) {
  for (const auto& text : {std::string(), std::string("sha256_hex = "), "sha256_hex=" + kHex + "\n", "sha256_hex =  " + kHex + "\n",
                           " sha256_hex = " + kHex + "\n", "\xef\xbb\xbfsha256_hex = " + kHex + "\n", "sha256_hex = " + kHex.substr(1) + "\n",
                           "sha256_hex = " + kHex + "a\n", "sha256_hex = " + std::string(64, 'A') + "\n", "sha256_hex = " + kHex + "\nmore\n",
                           "sha256_hex = " + kHex + "\xc2\xa0\n", "sha256_hex = " + std::string(64, '\xc3') + "\n"}) {
    EXPECT_FALSE(parse_flag(text)) << text;
  }
}

TEST(Index, GivesItsPathsInCodePointOrder) {
  const Json index = {row("b", "b.json"), row("M", "MANIFEST.json"), row("a", "a/z"), row("c", "a-b")};
  EXPECT_EQ(*index_paths(index), (std::vector<std::string>{"MANIFEST.json", "a-b", "a/z", "b.json"}));
}

TEST(Index, NeedsExactlyFiveKeysOfTheirTypes) {
  EXPECT_EQ(code_of(Json::object()), "E_INDEX_INVALID");
  EXPECT_EQ(code_of(Json::array({1})), "E_INDEX_INVALID");
  for (const auto* key : {"artifact_id", "kind", "path", "mime", "notes"}) {
    auto without = row("a", "a.json");
    without.erase(key);
    EXPECT_EQ(code_of(Json::array({without})), "E_INDEX_INVALID") << key;
    auto wrong = row("a", "a.json");
    wrong[key] = 7;
    EXPECT_EQ(code_of(Json::array({wrong})), "E_INDEX_INVALID") << key;
  }
  auto more = row("a", "a.json");
  more["size"] = 1;
  EXPECT_EQ(code_of(Json::array({more})), "E_INDEX_INVALID");
}

TEST(Index, NamesRowFieldAndFaultInTheRecord) {
  auto broken = row("b", "b.json");
  broken.erase("kind");
  const auto paths = index_paths(Json::array({row("a", "a.json"), broken}));
  ASSERT_FALSE(paths);
  const std::map<std::string, std::string> facts(paths.error().facts().begin(), paths.error().facts().end());
  EXPECT_EQ(facts.at("row_index"), "1");
  EXPECT_EQ(facts.at("field"), "\"kind\"");
  EXPECT_EQ(facts.at("message"), "\"is missing\"");
}

TEST(Index, RefusesPathsThatLeaveTheFolder) {
  for (const auto* path : {"", "/etc/passwd", "\\x", "../x", "a/../x", "a/..", "c:x", "a\\b", "\xc3\xa4.json"}) {
    EXPECT_EQ(code_of(Json::array({row("a", path)})), "E_INDEX_INVALID") << path;
  }
  EXPECT_EQ(code_of(Json::array({row("a", "a..b/c..json")})), "");
}

TEST(Index, RefusesTwoRowsOfOneIdOrPath) {
  EXPECT_EQ(code_of(Json::array({row("a", "a.json"), row("a", "b.json")})), "E_INDEX_INVALID");
  EXPECT_EQ(code_of(Json::array({row("a", "a.json"), row("b", "a.json")})), "E_INDEX_INVALID");
}

}  // namespace
}  // namespace placewright::states::s0_gate
