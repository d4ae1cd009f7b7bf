// One point in its tile and in its country, by rejection (spec S5-S6 §4.5 and §4.7).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "datasets/events.hpp"
#include "geo/contains.hpp"
#include "geo/grid.hpp"
#include "geo/patch.hpp"
#include "rng/jitter.hpp"
#include "rng/streams.hpp"

namespace placewright::states::s6_jitter {

// Longitude and latitude of the drawn fractions, in the reference's order of operations.
geo::Point point_in(const geo::TileBounds& tile, const rng::Drawn& drawn);

// The country as one of its tiles sees it.
struct Land {
  const geo::CountryIndex& country;
  bool interior = false;              // the tile's closed rectangle lies in the country
  const geo::Patch* patch = nullptr;  // of that rectangle, where one was made

  // country.covers(point), quicker for points of the rectangle; rounding may put one an ulp outside.
  bool covers(const geo::TileBounds& tile, geo::Point point) const;
};

struct Placed {
  double delta_lat = 0, delta_lon = 0;  // from the tile's centre
  std::int32_t attempts = 0;
  rng::Component component = rng::Component::uniform;
};

// Appends one event for each attempt. On success `placed` is the last attempt; otherwise the fault: E607 when a point
// leaves the tile or stands more than a degree off its centre, E613 when `max_attempts` points fell outside the
// country.
std::optional<Error> place(const SiteKey& site, const geo::TileBounds& tile, const rng::Stream& stream,
                           const rng::JitterLaw& law, std::int64_t max_attempts, const Land& land,
                           std::vector<datasets::JitterEvent>& events, Placed& placed);

}  // namespace placewright::states::s6_jitter
