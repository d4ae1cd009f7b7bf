// GeoNames countryInfo.txt. A list is refused below 230 rows, so the input stands before 240 rows of our own.
#include "world/country_info.hpp"

#include "target.hpp"

namespace {

using namespace placewright;

std::string row_text(const world::CountryInfo& row) {
  std::string text = row.iso.text() + "\t" + row.alpha3 + "\t" + std::to_string(row.numeric) + "\t\t" + row.name;
  return text + "\t\t\t" + std::to_string(row.population) + std::string(11, '\t') + "\n";
}

const std::string& filler() {
  static const std::string text = [] {
    std::string out;
    for (int i = 0; i < 240; ++i) {
      const std::string code = {static_cast<char>('A' + i / 26), static_cast<char>('A' + i % 26)};
      out += row_text({*Iso::parse(code), code + "Z", static_cast<std::int16_t>(700 + i), "Somewhere", 1});
    }
    return out;
  }();
  return text;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto rows = world::parse_country_info(std::string(fuzz::text_of(data, size)) + "\n" + filler(), true);
  if (!fuzz::good(rows)) return 0;
  std::string text;
  for (const auto& row : *rows) text += row_text(row);
  const auto again = world::parse_country_info(text, true);
  fuzz::require(again && again->size() == rows->size(), "a written list reads back with other rows");
  for (std::size_t i = 0; i < rows->size(); ++i) {
    fuzz::require(row_text((*again)[i]) == row_text((*rows)[i]), "a written row reads back as another");
    fuzz::require(i == 0 || (*rows)[i - 1].iso < (*rows)[i].iso, "rows ascend by code, once each");
  }
  return 0;
}
