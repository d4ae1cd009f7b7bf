// Identities that cross folders: country code, site key.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace placewright {

using MerchantId = std::uint64_t;  // 1 .. 2^64-1, the whole range is used
using TileId = std::uint64_t;      // row * columns + column of the raster

// A two-letter country code (ISO 3166-1 alpha-2, upper case), ordered as its text is.
class Iso {
 public:
  constexpr Iso() = default;
  // nullopt unless `text` is two letters A-Z.
  static constexpr std::optional<Iso> parse(std::string_view text) {
    if (text.size() != 2 || text[0] < 'A' || text[0] > 'Z' || text[1] < 'A' || text[1] > 'Z') return std::nullopt;
    Iso iso;
    iso.packed_ = static_cast<std::uint16_t>((text[0] << 8) | text[1]);
    return iso;
  }
  std::string text() const { return {static_cast<char>(packed_ >> 8), static_cast<char>(packed_ & 0xff)}; }
  constexpr std::uint16_t packed() const { return packed_; }
  friend constexpr auto operator<=>(Iso, Iso) = default;

 private:
  std::uint16_t packed_ = 0;
};

// Key of an outlet and of everything placed for it: the writer order of S5 to S8.
struct SiteKey {
  MerchantId merchant = 0;
  Iso country;
  std::int64_t site_order = 0;  // 1 .. n inside (merchant, country)
  friend constexpr auto operator<=>(const SiteKey&, const SiteKey&) = default;
};

// Identity of a run; hex strings in lower case.
struct RunIdentity {
  std::string run_id;                // 32 hex digits
  std::uint64_t seed = 0;
  std::string parameter_hash;        // 64 hex digits
  std::string manifest_fingerprint;  // 64 hex digits
};

}  // namespace placewright
