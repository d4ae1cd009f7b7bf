#include "mass/systematic.hpp"

#include <limits>

#include "rng/streams.hpp"

namespace placewright::mass {

std::uint64_t start_of(const hash::Digest& master, MerchantId merchant, Iso country, std::uint64_t mass) {
  const auto stream = rng::pair_stream(master, "start", merchant, country);
  const auto beyond = std::numeric_limits<std::uint64_t>::max() % mass + 1;  // 2^64 mod mass, or mass itself
  const auto last = std::numeric_limits<std::uint64_t>::max() - (beyond == mass ? 0 : beyond);
  for (std::uint64_t block = 0;; ++block) {
    const auto word = rng::philox(stream.base + block, stream.key).x0;
    if (word <= last) return word % mass;
  }
}

}  // namespace placewright::mass
