// The catalogue pack: a folder that holds who has how many outlets where, without any run's identity.
//
//   pairs.parquet        merchant_id, legal_country_iso, outlets: ascending by merchant (unsigned) and country
//   merchants.parquet    merchant_id, home_country_iso, total [, orientation: NaN where not given]
//   outlet_keys.parquet  merchant_id, legal_country_iso, site_order, outlet_key: when the source names its outlets
//   provenance.json      size and digest of the source, rows, rejects, rule of the ids; no name, no clock, no path
//   SHA256SUMS           digest and name of the others
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

namespace placewright::catalogue {

constexpr std::int64_t kMaxOutlets = 999'999;  // of one pair: site_id has six digits

struct PackFile {
  std::string name;
  std::string sha256_hex;
  std::uint64_t bytes = 0;
};

struct Pack {
  std::filesystem::path folder;
  std::string digest;            // pack_digest
  std::vector<PackFile> files;   // without SHA256SUMS, by name
  Json provenance;
  bool has_orientation = false;
  bool has_outlet_keys = false;
};

// Does the folder look like a pack? (`run --catalogue` takes a file or a pack.)
bool is_pack(const std::filesystem::path& path);

// Hashes every file again. A file that is missing, extra or other than SHA256SUMS says: IMP_PACK_DAMAGED.
Result<Pack> open_pack(const std::filesystem::path& folder);

// SHA-256 of SHA256SUMS, hence of all names and contents.
Result<std::string> pack_digest(const std::filesystem::path& folder);

struct CountryOutlets {
  Iso country;
  std::int64_t outlets = 0;  // 1 .. kMaxOutlets
};

struct Merchant {
  MerchantId id = 0;
  Iso home;
  std::int64_t total = 0;
  double orientation = std::numeric_limits<double>::quiet_NaN();
  std::span<const CountryOutlets> countries;  // ascending by code
};

// Every merchant in order, a row group in memory at a time. The laws of the files are checked on the way: order,
// ranges, totals, the same merchants in both (IMP_PACK_DAMAGED).
Result<void> for_each_merchant(const Pack& pack, const std::function<Result<void>(const Merchant&)>& visit);

}  // namespace placewright::catalogue
