// Streams keyed by who draws: (purpose, merchant, country, site). Never by when.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "hash/sha256.hpp"
#include "rng/philox.hpp"

namespace placewright::rng {

// Where a stream starts. Block j uses counter base + j. For a reference stream key == byteswap64(base.lo).
struct Stream {
  std::uint64_t key = 0;
  Counter base;
};

// Key and counter as a stream's digest holds them: the key is the counter's low word, byte-swapped (spec S5-S6 §1.1).
Stream stream_from(const hash::Digest& digest);

// SHA-256( uer("mlr:1B.master") || fingerprint bytes || LE64(seed) ); bad hex is PW_RECEIPT.
Result<hash::Digest> master_material(std::string_view manifest_fingerprint, std::uint64_t seed);
std::uint64_t merchant_word(MerchantId merchant);  // low 64 bits of SHA-256(LE64(merchant))

// Master of one of our own methods: SHA-256( uer("placewright:" || method) || LE64(seed) ). It knows neither catalogue
// nor policies, so that a merchant added or a border moved elsewhere leaves every other draw as it is (rulings 1).
hash::Digest method_master(std::string_view method, std::uint64_t seed);
// Streams of a purpose keyed by a pair or by a merchant alone.
Stream pair_stream(const hash::Digest& master, std::string_view purpose, MerchantId merchant, Iso country);
Stream merchant_stream(const hash::Digest& master, std::string_view purpose, MerchantId merchant);

// S5: one stream a pair.
Stream assignment_stream(const hash::Digest& master, MerchantId merchant, Iso country);

// S6: one stream a site; master and label with its namespace are hashed once. Safe to use from many threads.
class JitterStreams {
 public:
  JitterStreams(const hash::Digest& master, std::string_view policy_namespace);
  Stream stream(MerchantId merchant, Iso country, std::int64_t site_order) const;
  // The same for callers that keep merchant_word() of a run of sites.
  Stream stream_of_word(std::uint64_t merchant_word, Iso country, std::int64_t site_order) const;

 private:
  hash::Sha256Prefix prefix_;
};

}  // namespace placewright::rng
