// Tile weights of a run in span form: weights that are accepted cover all tiles and sum to 10^dp.
#include "datasets/weights.hpp"
#include "run.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace placewright;
  fuzz::publish("weight_runs", "part-DE.parquet", fuzz::text_of(data, size));
  const auto source = datasets::WeightSource::open(fuzz::run());
  if (!fuzz::good(source)) return 0;
  const geo::TileSet tiles({{2, 3}, {8, 8}});
  const auto weights = source->load(*Iso::parse("DE"), tiles);
  if (!fuzz::good(weights)) return 0;
  std::uint64_t position = 0;
  std::int64_t sum = 0, units = 1;
  for (std::int64_t i = 0; i < weights->dp; ++i) units *= 10;
  for (const auto& run : weights->runs) {
    fuzz::require(run.position == position && run.length > 0 && run.weight >= 0, "runs follow each other");
    position += run.length;
    sum += static_cast<std::int64_t>(run.length) * run.weight;
  }
  fuzz::require(position == tiles.size(), "every tile has a weight");
  fuzz::require(sum == units, "the weights sum to 10^dp");
  return 0;
}
