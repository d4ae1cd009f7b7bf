// run_receipt.json and the times in it.
#include "store/receipt.hpp"

#include <cmath>

#include "target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace placewright;
  const auto text = fuzz::text_of(data, size);
  const auto time = store::parse_time(text);
  fuzz::require(!time || std::isfinite(*time), "a time is a finite number");
  const auto receipt = store::read_receipt(fuzz::file_with(text, "run_receipt.json").parent_path());
  if (!fuzz::good(receipt)) return 0;
  fuzz::require(is_hex(receipt->identity.parameter_hash, 64), "parameter_hash is 64 hex digits");
  fuzz::require(is_hex(receipt->identity.manifest_fingerprint, 64), "manifest_fingerprint is 64 hex digits");
  if (const auto it = receipt->fields.find("created_utc"); it != receipt->fields.end() && it->is_string()) {
    const auto created = store::parse_time(it->get<std::string>());
    fuzz::require(!created || std::isfinite(*created), "created_utc is a finite number");
  }
  return 0;
}
