// The table of macro regions: every country falls into one of the seven.
#include "datasets/regions.hpp"

#include <algorithm>

#include "contracts/policy_s2.hpp"
#include "target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace placewright;
  const auto regions = datasets::MacroRegions::parse(fuzz::text_of(data, size), "input");
  if (!fuzz::good(regions)) return 0;
  for (char first = 'A'; first <= 'Z'; ++first) {
    for (char second = 'A'; second <= 'Z'; ++second) {
      const auto region = regions->of(*Iso::parse(std::string{first, second}));
      fuzz::require(std::ranges::count(contracts::kMacroRegions, region) == 1, "a country has one known region");
    }
  }
  return 0;
}
