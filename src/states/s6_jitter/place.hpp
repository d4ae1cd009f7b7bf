// One point in its tile and in its country, by rejection (spec S5-S6 §4.5 and §4.7).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "datasets/events.hpp"
#include "geo/contains.hpp"
#include "geo/grid.hpp"
#include "rng/jitter.hpp"
#include "rng/streams.hpp"

namespace placewright::states::s6_jitter {

// Longitude and latitude of the drawn fractions, in the reference's order of operations.
geo::Point point_in(const geo::TileBounds& tile, const rng::Drawn& drawn);

struct Placed {
  double delta_lat = 0, delta_lon = 0;  // from the tile's centre
  std::int32_t attempts = 0;
  rng::Component component = rng::Component::uniform;
};

// Appends one event for each attempt. On success `placed` is the last attempt; otherwise the fault: E607 when a point
// leaves the tile or stands more than a degree off its centre, E613 when `max_attempts` points fell outside the
// country. `interior`: the closed rectangle of the tile lies in the country, so points in it need no test.
std::optional<Error> place(const SiteKey& site, const geo::TileBounds& tile, const rng::Stream& stream,
                           const rng::JitterLaw& law, std::int64_t max_attempts, const geo::CountryIndex& country,
                           bool interior, std::vector<datasets::JitterEvent>& events, Placed& placed);

}  // namespace placewright::states::s6_jitter
