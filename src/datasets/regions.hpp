// The ISO table, and the macro region of each country. Regions reach reports only, never a weight.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "store/run_folder.hpp"

namespace placewright::datasets {

// Codes of the run's ISO table, ascending, once each. A code that is not two letters A-Z can equal no country and is
// left out.
Result<std::vector<Iso>> read_iso_codes(const store::RunFolder& run);

// One of contracts::kMacroRegions for UN M49 names (spec S2-S4 §1.6): Mexico, Central America and the Caribbean count as
// South America; what is not recognised is "Other".
std::string_view macro_region(std::string_view region, std::string_view subregion);

// The region table that an external root holds, newest version first (spec upstream B.8); none: the embedded one is used.
std::optional<std::filesystem::path> region_file(const store::RunFolder& run);

class MacroRegions {
 public:
  // From the ISO table when it names regions, else from region_file(), else from the embedded table.
  static Result<MacroRegions> read(const store::RunFolder& run);
  // A table with the columns country_iso, region, subregion; PW_INPUT naming `source` when one is missing.
  static Result<MacroRegions> parse(std::string_view csv, std::string_view source);

  std::string_view of(Iso country) const;  // "Other" for a code that the table lacks

 private:
  bool informative() const;

  std::vector<std::pair<Iso, std::string_view>> regions_;  // ascending
};

}  // namespace placewright::datasets
