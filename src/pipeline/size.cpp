#include "pipeline/size.hpp"

#include <algorithm>
#include <filesystem>

#include "base/text.hpp"
#include "contracts/policy_s2.hpp"
#include "contracts/yaml.hpp"
#include "datasets/policies.hpp"
#include "geo_io/raster.hpp"
#include "pipeline/plan.hpp"
#include "pipeline/published.hpp"
#include "states/s4_allocation/allocation.hpp"
#include "table/table.hpp"

namespace placewright::pipeline {
namespace {

// Bytes a published row takes, measured on the embedded world; a share of a quarter is added for safety.
constexpr double kBytesPerSiteParquet = 110;
constexpr double kBytesPerSiteJsonl = 2700;
constexpr double kBytesPerTileRow = 0.35;  // tile_index, tile_bounds and tile_weights together
constexpr double kLandShare = 0.34;        // of the cells of a world grid

// Peak memory, measured on the embedded world with 1, 2 and 8 threads, 1,000 to 20 million outlets, spans and rows;
// each term was rounded up, a fifth is added for safety. States follow each other, so the greatest of them counts.
constexpr std::uint64_t kMiB = 1U << 20;
constexpr double kWorldCells = 43200.0 * 21600.0;
constexpr std::uint64_t kProgram = 150 * kMiB;        // libraries, polygons and their edges
constexpr std::uint64_t kTiles = 70 * kMiB;           // of a grid of kWorldCells, and so are those up to kRowsPerThread
constexpr std::uint64_t kTilesPerThread = 15 * kMiB;  // a country at work in S1 and S2
constexpr std::uint64_t kPeople = 500 * kMiB;         // S2 by the population raster: people of all tiles, in runs
constexpr std::uint64_t kPeoplePerThread = 140 * kMiB;
constexpr std::uint64_t kMasses = 470 * kMiB;  // S2 by masses: sums of all blocks
constexpr std::uint64_t kMassesPerThread = 50 * kMiB;
constexpr std::uint64_t kSampling = 230 * kMiB;  // S4 by masses: blocks of all countries
constexpr std::uint64_t kRows = 420 * kMiB;      // row groups of tile_index and tile_bounds, read back by S6 and S7
constexpr std::uint64_t kRowsPerThread = 70 * kMiB;
constexpr std::uint64_t kSiteBlocks = 60 * kMiB;  // blocks of sites under way in S5 to S9 ...
constexpr std::uint64_t kSiteBlocksPerThread = 25 * kMiB;
constexpr std::uint64_t kSitesOfFullBlocks = 1'000'000;  // ... from so many sites on
constexpr std::uint64_t kMemoryPerSite = 15;
constexpr std::uint64_t kMemoryPerDemand = 5;  // a pair in S4, shared out over its sites

enum class Surface { area, people, masses };

// A policy that is missing or wrong is S2's to report; the dearest surface is assumed.
Surface surface_of(const store::RunFolder& run, const std::string& weights_policy) {
  const auto file = datasets::read_policy_file(run, "s2_tile_weights_policy");
  const auto fields = file                     ? Result<Json>(file->fields)
                      : weights_policy.empty() ? Result<Json>(file.error())
                                               : contracts::parse_yaml(weights_policy, "policy of S2");
  if (!fields) return Surface::masses;
  const auto policy = contracts::read_policy_s2(*fields, "policy of S2");
  if (!policy || policy->masses.method != contracts::MassMethod::none) return Surface::masses;
  return policy->needs_population() ? Surface::people : Surface::area;
}

std::uint64_t memory_of(const states::Context& context, Surface surface, const Size& size) {
  const std::uint64_t threads = context.pool.threads();
  const double grid = std::clamp(static_cast<double>(size.cells) / kWorldCells, 0.02, 4.0);
  const auto scaled = [&](std::uint64_t bytes) {
    return static_cast<std::uint64_t>(static_cast<double>(bytes) * grid);
  };
  std::uint64_t surfaces = 0;
  if (surface == Surface::people) surfaces = kPeople + threads * kPeoplePerThread;
  if (surface == Surface::masses) surfaces = kMasses + threads * kMassesPerThread;
  std::uint64_t allocation = 0;
  if (surface == Surface::masses) {
    const auto together = std::min(size.outlets, states::s4_allocation::sites_at_once(context.memory_bytes));
    allocation = scaled(kSampling) + together * states::s4_allocation::kBytesPerSiteAtOnce;
  }
  const auto full = static_cast<double>(std::min(size.outlets, kSitesOfFullBlocks)) / kSitesOfFullBlocks;
  const auto blocks =
      static_cast<std::uint64_t>(static_cast<double>(kSiteBlocks + threads * kSiteBlocksPerThread) * full);
  auto bytes = kProgram + scaled(kTiles + threads * kTilesPerThread);
  if (context.publish == states::PublishForm::rows) bytes += scaled(kRows + threads * kRowsPerThread);
  bytes += std::max(
      {scaled(surfaces), allocation + size.outlets * kMemoryPerDemand, blocks + size.outlets * kMemoryPerSite});
  return bytes + bytes / 5;
}

}  // namespace

Result<Size> estimate(const states::Context& context, std::uint64_t outlets, const std::string& weights_policy) {
  Size size;
  size.outlets = outlets;
  PW_TRY(const auto catalogue, context.run.locate("outlet_catalogue"));
  // A missing or damaged input is S0's to report, with its own code.
  if (outlets == 0) {
    if (const auto opened = table::Dataset::open(catalogue)) size.outlets = opened->rows();
  }
  if (const auto raster = context.run.locate("population_raster_2025")) {
    if (const auto opened = geo_io::Raster::open(*raster)) {
      size.cells = static_cast<std::uint64_t>(opened->info().grid.columns) * opened->info().grid.rows;
    }
  }
  const bool jsonl = context.events == states::EventForm::jsonl;
  double bytes = static_cast<double>(size.outlets) * (jsonl ? kBytesPerSiteJsonl : kBytesPerSiteParquet);
  if (context.publish == states::PublishForm::rows)
    bytes += static_cast<double>(size.cells) * kLandShare * kBytesPerTileRow;
  size.disk_bytes = static_cast<std::uint64_t>(bytes * 1.25) + (16U << 20);
  size.memory_bytes = memory_of(context, surface_of(context.run, weights_policy), size);
  return size;
}

std::vector<std::string> describe(const states::Context& context, Range range, const Size& size) {
  std::vector<std::string> lines = {"run " + context.run.identity().run_id + " in " + context.run.root().string(),
                                    grouped(size.outlets) + " outlets on a grid of " + grouped(size.cells) + " cells",
                                    "up to " + bytes_text(size.disk_bytes) + " of disk, about " +
                                        bytes_text(size.memory_bytes) + " of memory at the peak"};
  for (std::size_t i = 0; i <= range.last; ++i) {
    const auto& step = plan()[i];
    const auto receipt = read_state_receipt(context.run, step.state);
    const char* will = i < range.first ? "taken as published"
                       : receipt       ? "done before; checked, then reused or done again"
                                       : "to do";
    lines.push_back(std::string(step.state) + " " + std::string(step.title) + ": " + will);
  }
  return lines;
}

Result<void> check_room(const states::Context& context, const Size& size) {
  if (context.memory_bytes > 0 && context.memory_bytes < size.memory_bytes) {
    return Error("PW_MEMORY", "--memory allows " + bytes_text(context.memory_bytes) + ", the run needs about " +
                                  bytes_text(size.memory_bytes));
  }
  std::error_code error;
  const auto space = std::filesystem::space(context.run.root(), error);
  if (!error && space.available < size.disk_bytes / 4) {
    return Error("PW_NO_SPACE", "the disk of " + context.run.root().string() + " has " + bytes_text(space.available) +
                                    " free, the run needs about " + bytes_text(size.disk_bytes));
  }
  return {};
}

}  // namespace placewright::pipeline
