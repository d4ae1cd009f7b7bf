// The tables of a catalogue pack whose digests fit: merchants.parquet behind its length, then pairs.parquet.
#include "catalogue/pack.hpp"
#include "target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace placewright;
  auto input = fuzz::text_of(data, size);
  catalogue::Pack pack;
  pack.folder = fuzz::file_with(fuzz::next_part(input), "merchants.parquet").parent_path();
  fuzz::file_with(input, "pairs.parquet");
  MerchantId last = 0;
  const auto read = catalogue::for_each_merchant(pack, [&](const catalogue::Merchant& merchant) -> Result<void> {
    fuzz::require(merchant.id > last, "merchants ascend");
    last = merchant.id;
    std::int64_t total = 0;
    for (const auto& pair : merchant.countries) total += pair.outlets;
    fuzz::require(total == merchant.total && total > 0, "the total is the sum of the pairs");
    return {};
  });
  fuzz::good(read);
  return 0;
}
