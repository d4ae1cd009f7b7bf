#include "states/s6_jitter/settle.hpp"

namespace placewright::states::s6_jitter {

void settle(const SiteKey& site, const geo::TileBounds& tile, const geo::Narrowing& ground, const rng::Stream& stream,
            std::int64_t max_attempts, const Land& land, std::vector<datasets::JitterEvent>& events, Placed& placed) {
  const auto accepted = [&](geo::Point p) { return geo::holds(tile, p) && land.covers(tile, p); };
  for (std::int32_t attempt = 1;; ++attempt) {
    const auto counter = stream.base + static_cast<std::uint64_t>(attempt - 1);
    const auto words = rng::philox(counter, stream.key);
    const bool last = attempt > max_attempts;
    const auto offset = last ? geo::way_out(tile, words.x0, words.x1, accepted)
                             : geo::even_offset(tile, ground, rng::u01(words.x0), rng::u01(words.x1));
    placed = {offset.lat, offset.lon, attempt, rng::Component::uniform};
    events.push_back({site, attempt, offset.lat, offset.lon, 1.0, counter});
    if (last || accepted(offset.point)) return;
  }
}

}  // namespace placewright::states::s6_jitter
