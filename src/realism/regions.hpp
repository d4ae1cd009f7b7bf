// Region of a country, in the two groupings the scorers use.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace placewright::realism {

class Regions {
 public:
  // A CSV with country_iso, region and subregion; an empty path is the embedded table. PW_INPUT.
  static Result<Regions> read(const std::filesystem::path& file);

  std::string_view raw(Iso country) const;    // as the table says; "Unknown" when empty or absent
  std::string_view macro(Iso country) const;  // Africa, Asia, Europe, North America, Oceania, South America, Other

 private:
  std::map<Iso, std::pair<std::string, std::string_view>> regions_;
};

}  // namespace placewright::realism
