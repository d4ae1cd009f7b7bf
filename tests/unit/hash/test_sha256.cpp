#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "hash/sha256.hpp"

namespace placewright::hash {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  explicit Folder(const std::string& name) : path_(fs::temp_directory_path() / ("pw_hash_" + name)) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  void put(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

TEST(Sha256, StringsAndNumbersHaveTheirKnownEncodings) {
  const auto hex_text = [](const std::string& bytes) {
    std::string out;
    for (const unsigned char c : bytes) {
      char pair[3];
      std::snprintf(pair, sizeof pair, "%02x", c);
      out += pair;
    }
    return out;
  };
  EXPECT_EQ(hex_text(uer("GB")), "020000004742");
  EXPECT_EQ(hex_text(uer("mlr:1B")), "060000006d6c723a3142");
  EXPECT_EQ(hex_text(uer("mlr:1B.master")), "0d0000006d6c723a31422e6d6173746572");
  EXPECT_EQ(hex_text(uer("a.yaml")), "06000000612e79616d6c");
  EXPECT_EQ(hex_text(le64(0x0102030405060708U)), "0807060504030201");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, PrefixStreamAndOneShotAgreeForEveryLength) {
  std::mt19937_64 random(3);
  std::string text;
  for (int i = 0; i < 300; ++i) text += static_cast<char>(random());
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const auto whole = text.substr(0, length);
    const auto cut = length == 0 ? 0 : random() % length;
    Sha256 parts;
    parts.update(std::string_view(whole).substr(0, cut));
    parts.update(std::string_view(whole).substr(cut));
    const auto expected = sha256(whole);
    EXPECT_EQ(parts.digest(), expected);
    EXPECT_EQ(Sha256Prefix(whole.substr(0, cut)).digest_with(whole.substr(cut)), expected);
  }
}

TEST(Sha256, HexIsLowerCaseAndOfFullLength) {
  const auto digest = sha256("x");
  EXPECT_EQ(digest_from_hex(hex(digest)).value(), digest);
  EXPECT_FALSE(digest_from_hex("AB" + hex(digest).substr(2)));
  EXPECT_FALSE(digest_from_hex(hex(digest).substr(1)));
}

TEST(Identity, HashesFollowThePartLaw) {
  std::ifstream in(std::string(PW_TESTS) + "/vectors/identity.txt");
  std::vector<NamedDigest> parts;
  std::string parameter_hash, fingerprint, run_id;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string kind, value;
    words >> kind >> value;
    if (kind == "name") parts.push_back({value, sha256(value + "\n")});
    if (kind == "parameter_hash") parameter_hash = value;
    if (kind == "manifest_fingerprint") fingerprint = value;
    if (kind == "run_id") run_id = value;
  }
  ASSERT_EQ(parts.size(), 9U);
  std::reverse(parts.begin(), parts.end());  // the order given does not matter
  const auto parameters = digest_of_parts(parts).value();
  EXPECT_EQ(hex(parameters), parameter_hash);
  const auto commit = digest_from_hex("0000000000000000000000000123456789abcdef0123456789abcdef01234567").value();
  const auto manifest = digest_of_parts(parts, raw(commit) + raw(parameters)).value();
  EXPECT_EQ(hex(manifest), fingerprint);
  EXPECT_EQ(sha256_hex(uer("run:1A") + raw(manifest) + le64(42) + le64(1768264680000000000U)).substr(0, 32), run_id);
  EXPECT_EQ(hex(sha256(uer("a.yaml") + raw(sha256("y: 2\n")))),
            "299b2719e8da7ac87dc6a1d0ad3a3bb0d4c5f81a53149b335237de09cfbd1a1e");
}

TEST(Identity, NamesAreUniqueAndAscii) {
  const auto digest = sha256("x");
  EXPECT_EQ(digest_of_parts({{"a", digest}, {"a", digest}}).error().code(), "PW_INPUT");
  EXPECT_EQ(digest_of_parts({{"\xc3\xa9", digest}}).error().code(), "PW_INPUT");
}

TEST(Folders, HashTheBytesOfTheirFilesInCodePointOrderOfThePaths) {
  const Folder countries("countries");
  for (const auto* iso : {"US", "DE", "FR"}) countries.put(std::string("country=") + iso + "/part-000.parquet", iso);
  const auto digest = sha256_folder(countries.path()).value();
  EXPECT_EQ(digest.sha256_hex, "92f178fc5477872eb480166bc39159e0850cd954adefb38f35bd759d211b4abe");
  EXPECT_EQ(digest.bytes, 6U);
  const Folder order("order");
  for (const auto* name : {"a0", "a/b", "a.b", "a-b", "A/z"}) order.put(name, name);
  EXPECT_EQ(files_below(order.path()).value(), (std::vector<std::string>{"A/z", "a-b", "a.b", "a/b", "a0"}));
  EXPECT_EQ(sha256_folder(order.path()).value().sha256_hex, sha256_hex("A/za-ba.ba/ba0"));
  EXPECT_EQ(sha256_folder(Folder("empty").path()).value().sha256_hex, sha256_hex(""));
}

TEST(Folders, BundlesHashTheirFilesInAsciiOrder) {
  const Folder small("bundle1");
  small.put("MANIFEST.json", "{\"a\":1}");
  small.put("egress_checksums.json", "{}");
  small.put("index.json", "[]");
  EXPECT_EQ(sha256_folder(small.path()).value().sha256_hex,
            "39cda0bc308011cdbf8921bdded62d7ec3e886f2a92737d898594dc04e599f89");
  const Folder other("bundle2");
  other.put("B.json", "{\"n\":1}");
  other.put("a.json", "{\"ok\":true}");
  other.put(
      "index.json",
      R"([{"artifact_id":"b","kind":"table","mime":null,"notes":null,"path":"B.json"},{"artifact_id":"a","kind":"summary","mime":null,"notes":null,"path":"a.json"},{"artifact_id":"index","kind":"table","mime":null,"notes":null,"path":"index.json"}])");
  EXPECT_EQ(sha256_folder(other.path()).value().sha256_hex,
            "f109f9b1655865fba425a2ffc803358a44824bf4448aa920eae5575b74052e42");
  EXPECT_EQ(sha256_file(other.path() / "a.json").value().sha256_hex,
            "4062edaf750fb8074e7e83e0c9028c94e32468a8b6f1614774328ef045150f93");
}

TEST(Folders, SurfaceSignatureCoversNamesAndSizes) {
  const Folder tiles("surface");
  tiles.put("country=AD/part-000.parquet", std::string(12345, 'x'));
  tiles.put("notes.txt", "not a table");
  EXPECT_EQ(surface_signature(tiles.path()).value(),
            "a1415951e72783e188728bf0673d9633cb1d802793a6aa49fdbbae093eeb00fa");
}

TEST(Files, AMissingFileIsNamed) {
  const auto missing = sha256_file("/nonexistent/file");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), "PW_IO");
  EXPECT_NE(missing.error().message().find("/nonexistent/file"), std::string::npos);
}

}  // namespace
}  // namespace placewright::hash
