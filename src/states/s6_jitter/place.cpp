#include "states/s6_jitter/place.hpp"

#include <cmath>

#include "base/text.hpp"

namespace placewright::states::s6_jitter {
namespace {

constexpr double kTolerance = 1e-9;

std::string named(const SiteKey& site) {
  return "site " + std::to_string(site.merchant) + "/" + site.country.text() + "/" + std::to_string(site.site_order);
}

Error outside(const SiteKey& site, const char* detail, const char* what, double value, double low, double high) {
  return Error("E607_POINT_OUTSIDE_PIXEL", named(site) + ": " + what + " " + double_text(value) + " leaves its tile, " +
                                               double_text(low) + " to " + double_text(high))
      .with("detail", detail)
      .with(what == std::string_view("latitude") ? "lat" : "lon", value)
      .with("bounds", std::vector<double>{low, high});
}

double span_of(const geo::TileBounds& tile) {
  const double span = tile.max_lon - tile.min_lon;
  return span < 0 ? span + 360.0 : span;
}

bool between(double low, double value, double high) { return low - kTolerance <= value && value <= high + kTolerance; }

// A tile across the seam, whose west exceeds its east, fails the longitude test always, as in the reference.
std::optional<Error> check_in_tile(const SiteKey& site, const geo::TileBounds& tile, const geo::Point& p) {
  if (!between(tile.min_lat, p.lat, tile.max_lat)) {
    return outside(site, "lat_outside_pixel", "latitude", p.lat, tile.min_lat, tile.max_lat);
  }
  if (span_of(tile) <= 180.0 && !between(tile.min_lon, p.lon, tile.max_lon)) {
    return outside(site, "lon_outside_pixel", "longitude", p.lon, tile.min_lon, tile.max_lon);
  }
  return std::nullopt;
}

bool in_rectangle(const geo::TileBounds& tile, const geo::Point& p) {
  return tile.min_lon <= p.lon && p.lon <= tile.max_lon && tile.min_lat <= p.lat && p.lat <= tile.max_lat;
}

std::optional<Error> check_deltas(const SiteKey& site, const Placed& placed) {
  if (!(std::abs(placed.delta_lat) > 1.0) && !(std::abs(placed.delta_lon) > 1.0)) return std::nullopt;
  return Error("E607_POINT_OUTSIDE_PIXEL", named(site) + " stands more than a degree off the centre of its tile")
      .with("detail", "delta_out_of_bounds")
      .with("delta_lat", placed.delta_lat)
      .with("delta_lon", placed.delta_lon);
}

}  // namespace

bool Land::covers(const geo::TileBounds& tile, geo::Point point) const {
  if (!in_rectangle(tile, point)) return country.covers(point);
  if (interior) return true;
  return patch != nullptr ? patch->covers(point) : country.covers(point);
}

geo::Point point_in(const geo::TileBounds& tile, const rng::Drawn& drawn) {
  return {geo::wrap_longitude(tile.min_lon + drawn.lon_fraction * span_of(tile)),
          tile.min_lat + drawn.lat_fraction * (tile.max_lat - tile.min_lat)};
}

std::optional<Error> place(const SiteKey& site, const geo::TileBounds& tile, const rng::Stream& stream,
                           const rng::JitterLaw& law, std::int64_t max_attempts, const Land& land,
                           std::vector<datasets::JitterEvent>& events, Placed& placed) {
  for (std::int32_t attempt = 1; attempt <= max_attempts; ++attempt) {
    const auto counter = stream.base + static_cast<std::uint64_t>(attempt - 1);
    const auto words = rng::philox(counter, stream.key);
    const auto drawn = rng::draw(law, rng::u01(words.x0), rng::u01(words.x1));
    const auto p = point_in(tile, drawn);
    if (auto fault = check_in_tile(site, tile, p)) return fault;
    placed = {p.lat - tile.centroid_lat, p.lon - tile.centroid_lon, attempt, drawn.component};
    events.push_back({site, attempt, placed.delta_lat, placed.delta_lon, drawn.sigma, counter});
    if (land.covers(tile, p)) return check_deltas(site, placed);
  }
  return Error("E613_RESAMPLE_EXHAUSTED",
               named(site) + ": none of " + std::to_string(max_attempts) +
                   " points drawn in its tile lies in the country; too little of the tile is land of it")
      .with("detail", "resample_exhausted")
      .with("key", site)
      .with("attempts", max_attempts);
}

}  // namespace placewright::states::s6_jitter
