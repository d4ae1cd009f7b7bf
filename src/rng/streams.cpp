#include "rng/streams.hpp"

#include <array>
#include <string>

namespace placewright::rng {
namespace {

std::uint64_t big_endian(const hash::Digest& digest, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8 | digest[at + i];
  return value;
}

std::uint64_t low_word(const hash::Digest& digest) { return __builtin_bswap64(big_endian(digest, 24)); }

// LE64(word) || uer(country) || LE64(order), without a string on the heap.
class Tail {
 public:
  Tail& le64(std::uint64_t value) {
    for (int i = 0; i < 8; ++i) put(static_cast<char>(value >> (8 * i)));
    return *this;
  }
  Tail& country(Iso iso) {
    put(2), put(0), put(0), put(0);
    put(static_cast<char>(iso.packed() >> 8)), put(static_cast<char>(iso.packed() & 0xff));
    return *this;
  }
  std::string_view text() const { return {bytes_.data(), size_}; }

 private:
  void put(char c) { bytes_[size_++] = c; }
  std::array<char, 22> bytes_{};
  std::size_t size_ = 0;
};

hash::Sha256Prefix labelled(const hash::Digest& master, std::string_view label) {
  return hash::Sha256Prefix(hash::raw(master) + hash::uer("mlr:1B") + hash::uer(label));
}

}  // namespace

Stream stream_from(const hash::Digest& digest) {
  return {low_word(digest), {big_endian(digest, 16), big_endian(digest, 24)}};
}

Result<hash::Digest> master_material(std::string_view manifest_fingerprint, std::uint64_t seed) {
  auto fingerprint = hash::digest_from_hex(manifest_fingerprint);
  if (!fingerprint)
    return std::move(fingerprint).error().in("manifest_fingerprint of the run receipt").as("PW_RECEIPT");
  return hash::sha256(hash::uer("mlr:1B.master") + hash::raw(*fingerprint) + hash::le64(seed));
}

std::uint64_t merchant_word(MerchantId merchant) { return low_word(hash::sha256(Tail().le64(merchant).text())); }

hash::Digest method_master(std::string_view method, std::uint64_t seed) {
  return hash::sha256(hash::uer("placewright:" + std::string(method)) + hash::le64(seed));
}

Stream pair_stream(const hash::Digest& master, std::string_view purpose, MerchantId merchant, Iso country) {
  return stream_from(
      labelled(master, purpose).digest_with(Tail().le64(merchant_word(merchant)).country(country).text()));
}

Stream merchant_stream(const hash::Digest& master, std::string_view purpose, MerchantId merchant) {
  return stream_from(labelled(master, purpose).digest_with(Tail().le64(merchant_word(merchant)).text()));
}

Stream assignment_stream(const hash::Digest& master, MerchantId merchant, Iso country) {
  return pair_stream(master, "site_tile_assign", merchant, country);
}

JitterStreams::JitterStreams(const hash::Digest& master, std::string_view policy_namespace)
    : prefix_(labelled(master, "in_cell_jitter:" + std::string(policy_namespace))) {}

Stream JitterStreams::stream(MerchantId merchant, Iso country, std::int64_t site_order) const {
  return stream_of_word(merchant_word(merchant), country, site_order);
}

Stream JitterStreams::stream_of_word(std::uint64_t merchant_word, Iso country, std::int64_t site_order) const {
  return stream_from(prefix_.digest_with(
      Tail().le64(merchant_word).country(country).le64(static_cast<std::uint64_t>(site_order)).text()));
}

}  // namespace placewright::rng
