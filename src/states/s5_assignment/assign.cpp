#include "states/s5_assignment/assign.hpp"

#include <algorithm>
#include <numeric>

namespace placewright::states::s5_assignment {
namespace {

struct Draw {
  double u;
  std::uint32_t site;  // from 0
  friend bool operator<(const Draw& a, const Draw& b) { return a.u < b.u || (a.u == b.u && a.site < b.site); }
};

}  // namespace

void assign(MerchantId merchant, Iso country, const rng::Stream& stream, std::span<const TileId> tiles,
            std::span<const std::int64_t> counts, std::vector<datasets::AssignmentEvent>& out) {
  const auto sites = static_cast<std::uint32_t>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
  const auto first = out.size();
  out.resize(first + sites);
  std::vector<Draw> draws(sites);
  for (std::uint32_t s = 0; s < sites; ++s) {
    const auto counter = stream.base + s;
    const double u = rng::u01(rng::philox(counter, stream.key).x0);
    draws[s] = {u, s};
    out[first + s] = {{merchant, country, static_cast<std::int64_t>(s) + 1}, 0, counter, u};
  }
  std::ranges::sort(draws, std::less<>());
  std::size_t rank = 0;
  for (std::size_t t = 0; t < tiles.size(); ++t) {
    for (std::int64_t k = 0; k < counts[t]; ++k) out[first + draws[rank++].site].tile = tiles[t];
  }
}

}  // namespace placewright::states::s5_assignment
