#include "realism/regions.hpp"

#include "base/text.hpp"
#include "contracts/embedded.hpp"
#include "datasets/regions.hpp"
#include "store/files.hpp"

namespace placewright::realism {
namespace {

// The country's name may hold quoted commas; region and subregion are counted from the end of the line.
constexpr std::size_t kRegionFromEnd = 4, kSubregionFromEnd = 3;

}  // namespace

Result<Regions> Regions::read(const std::filesystem::path& file) {
  std::string text;
  if (file.empty())
    text = contracts::embedded("regions/iso_canonical_regions.csv").value_or("");
  else {
    PW_TRY(text, store::read_text(file));
  }
  Regions out;
  for (const auto& line : split(text, '\n')) {
    const auto fields = split(trim(line), ',');
    const auto country = Iso::parse(trim(fields.front()));
    if (!country || fields.size() < 8) continue;
    const std::string region(trim(fields[fields.size() - kRegionFromEnd]));
    const auto& subregion = fields[fields.size() - kSubregionFromEnd];
    out.regions_[*country] = {region.empty() ? "Unknown" : region, datasets::macro_region(region, subregion)};
  }
  return out;
}

std::string_view Regions::raw(Iso country) const {
  const auto found = regions_.find(country);
  return found == regions_.end() ? std::string_view("Unknown") : std::string_view(found->second.first);
}

std::string_view Regions::macro(Iso country) const {
  const auto found = regions_.find(country);
  return found == regions_.end() ? std::string_view("Other") : found->second.second;
}

}  // namespace placewright::realism
