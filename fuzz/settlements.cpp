// Settlements: places lie on the globe and keep no more people than they have.
#include "world/settlements.hpp"

#include "target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace placewright;
  const auto settlements = world::parse_settlements(fuzz::text_of(data, size));
  if (!fuzz::good(settlements)) return 0;
  for (const auto& [country, places] : settlements->places) {
    for (const auto& place : places) {
      fuzz::require(place.lat >= -90 && place.lat <= 90 && place.lon >= -180 && place.lon <= 180, "on the globe");
      fuzz::require(place.own > 0 && place.own <= place.people, "a place keeps some of its people");
    }
  }
  return 0;
}
