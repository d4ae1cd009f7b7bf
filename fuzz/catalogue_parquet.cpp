// A catalogue as Parquet.
#include "catalogue.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  placewright::fuzz::import_bytes(placewright::fuzz::text_of(data, size), "catalogue.parquet");
  return 0;
}
