// The tile universe of a run in span form: spans ascend, are disjoint and stay in their raster row.
#include "datasets/tiles.hpp"
#include "run.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace placewright;
  fuzz::publish("tile_spans", "part-00000.parquet", fuzz::text_of(data, size));
  const auto universe = datasets::TileUniverse::open(fuzz::run());
  if (!fuzz::good(universe)) return 0;
  for (const auto country : universe->countries()) {
    const auto tiles = universe->load(country);
    if (!fuzz::good(tiles)) continue;
    TileId next = 0;
    for (const auto& span : tiles->spans()) {
      fuzz::require(span.length > 0 && span.first >= next, "spans ascend and are disjoint");
      next = span.first + span.length;
      fuzz::require(next <= 32 && span.first / 8 == (next - 1) / 8, "a span stays in its raster row");
    }
  }
  return 0;
}
