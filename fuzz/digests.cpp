// SHA256SUMS of a world: names and digests are as written.
#include "target.hpp"
#include "world/pack.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace placewright;
  const auto digests = world::parse_digests(fuzz::text_of(data, size), "input");
  if (!fuzz::good(digests)) return 0;
  std::string text;
  for (const auto& [name, digest] : *digests) {
    fuzz::require(is_hex(digest, 64), "a digest is 64 hex digits");
    text += digest + "  " + name + "\n";
  }
  const auto again = world::parse_digests(text, "again");
  fuzz::require(again && *again == *digests, "a written list reads back as another");
  return 0;
}
