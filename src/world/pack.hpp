// The source files of a world: what data/world holds, each checked against the pack's SHA256SUMS before it is read.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace placewright::world {

namespace fs = std::filesystem;

inline constexpr std::string_view kPolygonsFile = "countries-10m.topojson.gz";
inline constexpr std::string_view kCountryInfoFile = "countryInfo.txt";
inline constexpr std::string_view kRegionsFile = "iso_canonical_regions.csv";
inline constexpr std::string_view kSettlementsFile = "settlements.csv.gz";
inline constexpr std::string_view kLampsFile = "lamps.png";

class Pack {
 public:
  // Empty `folder`: the pack installed with the program, else the one of its source tree. WORLD_PACK when there is
  // none, a file is missing, or its digest differs.
  static Result<Pack> open(const fs::path& folder);

  // A user's file takes the place of `name`, or is added under it; `origin` is its record in provenance.json.
  Result<void> put(const std::string& name, const fs::path& file, Json origin);

  fs::path path(std::string_view name) const;
  // Whole text; a name that ends in .gz is unpacked.
  Result<std::string> read(std::string_view name) const;
  const std::map<std::string, std::string>& digests() const { return digests_; }  // name -> SHA-256
  const Json& origins() const { return origins_; }

 private:
  fs::path folder_;
  std::map<std::string, fs::path> files_;  // a user's, by name
  std::map<std::string, std::string> digests_;
  Json origins_;
};

// Lines `<64 hex digits>  <relative path>`; another line is PW_INPUT naming `source`.
Result<std::map<std::string, std::string>> parse_digests(std::string_view text, std::string_view source);

}  // namespace placewright::world
