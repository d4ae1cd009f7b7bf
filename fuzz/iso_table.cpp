// The ISO table of a world (Parquet), and the spellings of a code.
#include "catalogue/iso_table.hpp"

#include "target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace placewright;
  const auto bytes = fuzz::text_of(data, size);
  const auto iso = catalogue::IsoTable::built_in().parse(bytes);
  if (iso) fuzz::require(catalogue::IsoTable::built_in().parse(iso->text()) == iso, "a code is its own spelling");
  const auto table = catalogue::IsoTable::read(fuzz::file_with(bytes, "iso3166.parquet"));
  if (!fuzz::good(table)) return 0;
  for (const auto* code : {"NA", "DE", "nam", " DEU "}) {
    if (const auto known = table->parse(code))
      fuzz::require(table->holds(*known), "a spelling means a code of the table");
  }
  return 0;
}
