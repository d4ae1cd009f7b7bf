#include <gtest/gtest.h>

#include "hash/sha256.hpp"
#include "states/s9_validation/bundle.hpp"

namespace placewright::states::s9_validation {
namespace {

std::string repeat(const std::string& text, int times) {
  std::string out;
  while (times-- > 0) out += text;
  return out;
}

// Two sites, the first of which needed two attempts; the egress file holds eight bytes.
BundleFacts two_sites() {
  BundleFacts facts;
  facts.identity = {"00112233445566778899aabbccddeeff", 42, repeat("0123456789abcdef", 4),
                    repeat("fedcba9876543210", 4)};
  facts.s7_template =
      "data/layer1/1B/s7_site_synthesis/seed={seed}/parameter_hash={parameter_hash}/"
      "manifest_fingerprint={manifest_fingerprint}/";
  facts.egress_template = "data/layer1/1B/site_locations/seed={seed}/manifest_fingerprint={manifest_fingerprint}/";
  facts.bundle_template = "data/layer1/1B/validation/manifest_fingerprint={manifest_fingerprint}/";
  facts.egress_path =
      "data/layer1/1B/site_locations/seed=42/manifest_fingerprint=" + facts.identity.manifest_fingerprint + "/";
  facts.bundle_path = "data/layer1/1B/validation/manifest_fingerprint=" + facts.identity.manifest_fingerprint + "/";
  facts.git_commit_hex = std::string(24, '0') + repeat("1234567890", 4);
  facts.sites_total = facts.rows_s7 = facts.rows_s8 = facts.sites_with_event = 2;
  facts.parity_ok = true;
  facts.by_country["GB"] = {2, 2};
  facts.assignment = {{2, 2, 2}, {2, 2, 2}, true, true, 0};
  facts.jitter = {{3, 3, 6}, {3, 3, 6}, true, true, 0};
  facts.egress = {{"part-00000.parquet", hash::sha256_hex("PAR1PAR1"), 8}};
  facts.composite_sha256_hex = hash::sha256_hex("PAR1PAR1");
  return facts;
}

TEST(Bundle, TheTwoSiteBundleHasThePublishedDigests) {
  struct Expected {
    const char* name;
    std::size_t bytes;
    const char* sha256;
  };
  const std::vector<Expected> expected = {
      {"MANIFEST.json", 624, "6a217b5ad45366b03a04282539eb6c8303d2c314a243531b0e755873b3ce0ba3"},
      {"parameter_hash_resolved.json", 126, "6ee4402906e15e600eb8448bc1fdaa2593a4eb85298b8e3110db7b43ee3d8261"},
      {"manifest_fingerprint_resolved.json", 278, "7529bc3ca53fbc235ff83f49b950fbd0b3dbe41997f1bcb467228b75b2afd0a6"},
      {"rng_accounting.json", 638, "5e48001ac1e375849ca60d16be8809ea0b9d2f663006e460ae0bb61cd34cb15f"},
      {"s9_summary.json", 849, "0a9d0bb7df8c3e356af694c9ce61fc9f45a2c85751d35a31ffb920624e9cd4a1"},
      {"egress_checksums.json", 605, "0641b754d33c4b77e90f24e8335efbeae1b83c217270adbb14f4a7c76cd076fb"},
      {"index.json", 831, "8e78fc3132c76ae603dbfbfa2dfc71e2271291c27b98ce9529fd93eb5f91d161"}};
  const auto files = bundle_files(two_sites(), std::nullopt);
  ASSERT_EQ(files.size(), expected.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    EXPECT_EQ(files[i].name, expected[i].name);
    EXPECT_EQ(files[i].bytes.size(), expected[i].bytes) << files[i].name;
    EXPECT_EQ(hash::sha256_hex(files[i].bytes), expected[i].sha256) << files[i].name;
  }
  const auto digest = flag_digest(files);
  EXPECT_EQ(digest, "a3f37f553c16a0dfa954b8eee3a55a9ca43f4d63faedc69c4263c9871d0b4797");
  EXPECT_EQ(flag_text(digest).size(), 78U);
  EXPECT_EQ(hash::sha256_hex(flag_text(digest)), "38724376cb04b2ff27affdba1a3214c7d206eda714ec262826ff2c17d3303a7e");
}

TEST(Bundle, AFailureListIsAnIndexedEighthFile) {
  const auto files = bundle_files(two_sites(), Json{{"decision", "FAIL"}});
  ASSERT_EQ(files.size(), 8U);
  EXPECT_EQ(files[6].name, "s9_failures.json");
  const auto index = Json::parse(files[7].bytes);
  ASSERT_EQ(index.size(), 8U);
  EXPECT_EQ(index[6]["path"], "s9_failures.json");
  EXPECT_EQ(index[7]["artifact_id"], "index");
}

const std::string kIndex =
    R"([{"artifact_id":"b","kind":"table","mime":null,"notes":null,"path":"B.json"},{"artifact_id":"a","kind":"summary","mime":null,"notes":null,"path":"a.json"},{"artifact_id":"index","kind":"table","mime":null,"notes":null,"path":"index.json"}])";
const char* const kDigest = "f109f9b1655865fba425a2ffc803358a44824bf4448aa920eae5575b74052e42";

TEST(FlagLaw, FilesAreTakenInByteOrderOfTheirNames) {
  ASSERT_EQ(kIndex.size(), 239U);
  EXPECT_EQ(flag_digest({{"index.json", kIndex}, {"a.json", R"({"ok":true})"}, {"B.json", R"({"n":1})"}}), kDigest);
}

TEST(FlagLaw, TheKnownMistakesGiveOtherDigests) {
  const std::string b = R"({"n":1})", a = R"({"ok":true})";
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {a + b + kIndex, "916780d248119cac4b8f6df2e221ea76379b3ce61a66acbaa58106ff3c65fe5e"},
      {hash::sha256_hex(b) + hash::sha256_hex(a) + hash::sha256_hex(kIndex),
       "3c55c6adee19c4169ad948cb234a7519dab01542950dedd053596df3acd330bb"},
      {b + "\n" + a + "\n" + kIndex, "3db95049a95ef5802de5a2072951aec5c5bb2c29bed08da5574c504832fef8b2"},
      {b + a, "202dc322f3348da821d90b75454cc0476edae5cc165d5b3744e7393cef758ef3"},
      {b + "\n" + a + kIndex, "19f9628370f7e1ce80d2185588a1331723ce409b3c24e5a92292370fa5617aad"}};
  for (const auto& [bytes, digest] : wrong) {
    EXPECT_EQ(hash::sha256_hex(bytes), digest);
    EXPECT_NE(digest, kDigest);
  }
}

TEST(Bundle, WideNumbersAreWrittenInFull) {
  EXPECT_EQ(decimal(0), "0");
  EXPECT_EQ(decimal((Wide{1} << 64) + 5), "18446744073709551621");
}

}  // namespace
}  // namespace placewright::states::s9_validation
