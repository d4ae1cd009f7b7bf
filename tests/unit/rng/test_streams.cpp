#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <map>

#include "rng/streams.hpp"
#include "vectors.hpp"

namespace placewright::rng {
namespace {

std::map<std::string, hash::Digest> masters() {
  std::map<std::string, hash::Digest> out;
  for (const auto& row : vector_rows("streams.txt")) {
    if (row[0] == "master") out[row[1]] = master_material(row[2], std::stoull(row[3])).value();
  }
  return out;
}

// key, before_hi, before_lo, x0, x1, u01(x0), u01(x1) from `at` on.
void expect_block(const Stream& stream, std::uint64_t draw, const std::vector<std::string>& row, std::size_t at) {
  EXPECT_EQ(stream.key, hex_word(row[at])) << row[1];
  EXPECT_EQ(stream.key, __builtin_bswap64(stream.base.lo)) << row[1];
  const auto counter = stream.base + draw;
  EXPECT_EQ(counter, (Counter{hex_word(row[at + 1]), hex_word(row[at + 2])})) << row[1];
  const auto block = philox(counter, stream.key);
  EXPECT_EQ(block.x0, hex_word(row[at + 3])) << row[1];
  EXPECT_EQ(block.x1, hex_word(row[at + 4])) << row[1];
  EXPECT_EQ(u01(block.x0), std::stod(row[at + 5])) << row[1];
  EXPECT_EQ(u01(block.x1), std::stod(row[at + 6])) << row[1];
}

TEST(Streams, FollowFromMasterMerchantCountryAndSite) {
  const auto master = masters();
  int seen = 0;
  for (const auto& row : vector_rows("streams.txt")) {
    if (row[0] == "merchant") {
      EXPECT_EQ(merchant_word(std::stoull(row[1])), hex_word(row[2])) << row[1];
    } else if (row[0] == "master") {
      EXPECT_EQ(hash::hex(master.at(row[1])), row[4]) << row[1];
    } else if (row[0] == "s5") {
      expect_block(assignment_stream(master.at(row[2]), std::stoull(row[3]), *Iso::parse(row[4])), std::stoull(row[5]),
                   row, 6);
    } else if (row[0] == "s6") {
      const JitterStreams streams(master.at(row[2]), row[3]);
      expect_block(streams.stream(std::stoull(row[4]), *Iso::parse(row[5]), std::stoll(row[6])), std::stoull(row[7]),
                   row, 8);
    }
    ++seen;
  }
  EXPECT_EQ(seen, 27);
}

TEST(Streams, AFingerprintThatIsNoHexIsTheReceiptsFault) {
  const auto bad = master_material("00ff", 1);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code(), "PW_RECEIPT");
}

std::string digest_of_words(const std::vector<std::uint64_t>& words) {
  std::string bytes;
  for (const auto word : words) bytes += hash::le64(word);
  return hash::sha256_hex(bytes);
}

TEST(Streams, WordsUniformsAndRanksOfLongStreamsHaveTheirKnownDigests) {
  const auto stream = assignment_stream(masters().at("B"), 1, *Iso::parse("GB"));
  for (const auto& row : vector_rows("bulk.txt")) {
    const auto n = std::stoull(row[0]);
    std::vector<std::uint64_t> words(n), uniforms(n), order(n);
    std::vector<double> u(n);
    for (std::uint64_t i = 0; i < n; ++i) {
      words[i] = philox(stream.base + i, stream.key).x0;
      u[i] = u01(words[i]);
      uniforms[i] = std::bit_cast<std::uint64_t>(u[i]);
      order[i] = i + 1;
    }
    std::ranges::sort(order, [&](auto a, auto b) { return u[a - 1] != u[b - 1] ? u[a - 1] < u[b - 1] : a < b; });
    EXPECT_EQ(digest_of_words(words), row[1]);
    EXPECT_EQ(digest_of_words(uniforms), row[2]);
    EXPECT_EQ(digest_of_words(order), row[3]);
  }
}

TEST(Streams, FirstAttemptsOfTenThousandSitesHaveTheirKnownDigest) {
  const std::map<std::string, std::string> expected = {
      {"1B.S6.JITTER_V2", "f38e0bf7dcc253eedc11891fba08b162cf9cfbc1aff3ef2c1792da6cedd7554e"},
      {"1B.S6.JITTER_V1", "f49158bf34807760ad23d34b702e00550027b0f3f442ef67319beb4bc5964bb8"}};
  for (const auto& [name, digest] : expected) {
    const JitterStreams streams(masters().at("B"), name);
    std::vector<std::uint64_t> uniforms;
    for (std::int64_t site = 1; site <= 10000; ++site) {
      const auto stream = streams.stream(1, *Iso::parse("GB"), site);
      const auto block = philox(stream.base, stream.key);
      for (const auto x : {block.x0, block.x1}) uniforms.push_back(std::bit_cast<std::uint64_t>(u01(x)));
    }
    EXPECT_EQ(digest_of_words(uniforms), digest) << name;
  }
}

}  // namespace
}  // namespace placewright::rng
