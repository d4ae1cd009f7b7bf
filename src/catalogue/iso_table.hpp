// The country codes a catalogue may use.
#pragma once

#include <bitset>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace placewright::catalogue {

class IsoTable {
 public:
  IsoTable() = default;
  IsoTable(const std::vector<Iso>& codes, std::map<std::string, Iso, std::less<>> alpha3);
  // The 251 codes of the shipped ISO table.
  static IsoTable built_in();
  // Columns country_iso and alpha3 of a world's iso3166.parquet: PW_INPUT, PW_TABLE.
  static Result<IsoTable> read(const std::filesystem::path& iso3166_parquet);

  std::vector<Iso> codes() const;  // ascending
  bool holds(Iso iso) const { return known_[iso.packed()]; }
  // Blanks around the text and its case do not matter; alpha-3 codes are mapped. "NA" is Namibia.
  std::optional<Iso> parse(std::string_view text) const;

 private:
  std::bitset<65536> known_;
  std::map<std::string, Iso, std::less<>> alpha3_;
};

}  // namespace placewright::catalogue
