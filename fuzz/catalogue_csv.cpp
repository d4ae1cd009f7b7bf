// A catalogue as CSV: outlet rows or count rows.
#include "catalogue.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  placewright::fuzz::import_bytes(placewright::fuzz::text_of(data, size), "catalogue.csv");
  return 0;
}
