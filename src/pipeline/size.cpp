#include "pipeline/size.hpp"

#include <algorithm>
#include <filesystem>

#include "base/text.hpp"
#include "geo_io/raster.hpp"
#include "pipeline/plan.hpp"
#include "pipeline/published.hpp"
#include "table/table.hpp"

namespace placewright::pipeline {
namespace {

// Bytes a published row takes, measured on the embedded world; a share of a quarter is added for safety.
constexpr double kBytesPerSiteParquet = 110;
constexpr double kBytesPerSiteJsonl = 2700;
constexpr double kBytesPerTileRow = 0.6;  // tile_index, tile_bounds and tile_weights together
constexpr double kLandShare = 0.24;       // of the cells of a world grid

// Peak memory, measured on the embedded world with 1, 2 and 8 threads, 1,000 to 10 million outlets, spans and rows;
// each term was rounded up, a quarter is added for safety.
constexpr std::uint64_t kMiB = 1U << 20;
constexpr std::uint64_t kWorld = 190 * kMiB;          // polygons, their edges, the spans of all countries
constexpr std::uint64_t kWorldPerThread = 15 * kMiB;  // a country at work in S1 and S2
constexpr std::uint64_t kRowsPerThread = 85 * kMiB;   // a row group of tile_index or tile_bounds and its encoder
constexpr std::uint64_t kSiteBlocks = 60 * kMiB;      // blocks of sites under way in S5 to S9 ...
constexpr std::uint64_t kSiteBlocksPerThread = 25 * kMiB;
constexpr std::uint64_t kSitesOfFullBlocks = 1'000'000;  // ... from so many sites on
constexpr std::uint64_t kMemoryPerSite = 15;
constexpr std::uint64_t kPopulation = 256 * kMiB;  // GDAL's block cache, were the raster read; not measured

std::uint64_t memory_of(std::uint64_t outlets, std::uint64_t threads, bool rows) {
  const auto blocks = kSiteBlocks + threads * kSiteBlocksPerThread;
  std::uint64_t bytes = kWorld + kPopulation + threads * (kWorldPerThread + (rows ? kRowsPerThread : 0));
  bytes += blocks / kMiB * std::min(outlets, kSitesOfFullBlocks) / kSitesOfFullBlocks * kMiB;
  bytes += outlets * kMemoryPerSite;
  return bytes + bytes / 4;
}

}  // namespace

Result<Size> estimate(const states::Context& context, std::uint64_t outlets) {
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
  size.memory_bytes = memory_of(size.outlets, context.pool.threads(), context.publish == states::PublishForm::rows);
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
