// The tile universe of a run in row form: tiles ascend and lie in the grid.
#include "datasets/tiles.hpp"
#include "run.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace placewright;
  fuzz::publish("tile_index", "country=DE/part-000.parquet", fuzz::text_of(data, size));
  const auto universe = datasets::TileUniverse::open(fuzz::run());
  if (!fuzz::good(universe)) return 0;
  const auto tiles = universe->load(*Iso::parse("DE"));
  if (!fuzz::good(tiles)) return 0;
  fuzz::require(tiles->size() <= 32, "no tile is counted twice");
  for (const auto& span : tiles->spans()) fuzz::require(span.first + span.length <= 32, "a tile lies in the grid");
  return 0;
}
