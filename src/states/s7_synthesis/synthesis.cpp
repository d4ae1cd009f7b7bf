#include "states/s7_synthesis/synthesis.hpp"

#include <algorithm>

#include "datasets/schemas.hpp"
#include "states/s7_synthesis/inputs.hpp"
#include "states/s7_synthesis/merge.hpp"
#include "states/s7_synthesis/summary.hpp"
#include "states/same_rows.hpp"
#include "store/publish.hpp"

namespace placewright::states::s7_synthesis {
namespace {

Result<Block> read_block(const Inputs& inputs, std::size_t group) {
  const auto first = inputs.s5.group_start(group);
  const auto count = inputs.s5.group_start(group + 1) - first;
  Block block;
  PW_TRY(block.s5, inputs.s5.read(first, count));
  PW_TRY(block.s6, inputs.s6.read(first, count));
  PW_TRY(block.catalogue, inputs.catalogue.read(first, count));
  return block;
}

table::Batch as_batch(Block&& block, Placed& placed) {
  auto& s5 = block.s5;
  std::vector<std::int32_t> order(s5.size());
  std::ranges::transform(s5.order, order.begin(), [](auto value) { return static_cast<std::int32_t>(value); });
  table::Batch batch{s5.size(), {}};
  batch.columns.emplace_back(std::move(s5.merchant));
  batch.columns.emplace_back(table::iso_column(s5.country));
  batch.columns.emplace_back(std::move(order));
  batch.columns.emplace_back(std::move(s5.tile));
  batch.columns.emplace_back(std::move(placed.lon));
  batch.columns.emplace_back(std::move(placed.lat));
  return batch;
}

// One row group of S5, merged. Without `placed` the group holds a fault that the consumer looks for in order.
struct Merged {
  bool good = false;
  SiteKey first, last;
  std::vector<std::pair<Iso, std::uint64_t>> countries;
  table::Batch batch;
};

Result<Merged> merge(const Inputs& inputs, const TilesOf& tiles_of, std::size_t group) {
  PW_TRY(auto block, read_block(inputs, group));
  Merged merged;
  PW_TRY(auto placed, place(block, inputs.tiles.grid(), tiles_of));
  if (!placed) return merged;
  merged.good = true;
  if (block.s5.size() == 0) return merged;
  merged.first = block.s5.key(0);
  merged.last = block.s5.key(block.s5.size() - 1);
  merged.countries = std::move(placed->countries);
  merged.batch = as_batch(std::move(block), *placed);
  return merged;
}

Result<Counts> merge_all(Context& context, const Inputs& inputs, table::PartsWriter& writer) {
  const TilesOf tiles_of = [&](Iso iso) { return inputs.tiles.tiles_of(iso); };
  report::Progress progress(context.log, "S7 synthesis progress sites_processed (site records built)",
                            inputs.s5.rows());
  Counts counts;
  std::optional<SiteKey> previous;
  const auto produce = [&](std::size_t group) { return merge(inputs, tiles_of, group); };
  const auto consume = [&](std::size_t group, Merged&& merged) -> Result<void> {
    if (merged.good && merged.batch.rows == 0) return {};
    if (!merged.good || (previous && !(*previous < merged.first))) {
      PW_TRY(const auto block, read_block(inputs, group));
      return first_fault(block, previous, inputs.tiles.grid(), tiles_of);
    }
    previous = merged.last;
    for (const auto& [iso, sites] : merged.countries) {
      counts.cache.visit(iso);
      counts.by_country[iso] += sites;
    }
    counts.sites += merged.batch.rows;
    progress.advance(merged.batch.rows);
    return writer.write(std::move(merged.batch));
  };
  PW_CHECK(work::ordered<Merged>(context.pool, inputs.s5.groups(), produce, consume));
  return counts;
}

}  // namespace

Result<Summary> run(Context& context) {
  PW_TRY(const auto inputs, open_inputs(context));
  const double wall = report::wall_seconds(), cpu = report::cpu_seconds();
  PW_TRY(const auto staging, store::Staging::create(context.run, "s7_site_synthesis"));
  table::PartsWriter writer(staging.path(), datasets::kSynthesis, datasets::kSitesPerPart, context.pool);
  PW_TRY(const auto counts, merge_all(context, inputs, writer));
  PW_TRY(const auto parts, writer.close());
  for (const auto& part : parts)
    context.log.record("INFO", "S7: wrote " + std::to_string(part.rows) + " rows to " + part.name);
  auto published = store::publish_folder(context.run, staging.path(), "s7_site_synthesis",
                                         "E712_ATOMIC_PUBLISH_VIOLATION", same_rows(datasets::kSynthesis));
  if (!published) return std::move(published).error().with("label", "s7_site_synthesis");
  context.log.step((published->existed ? "S7: site synthesis was published before, identical rows="
                                       : "S7: site synthesis published rows=") +
                   std::to_string(counts.sites));
  PW_TRY(const auto report,
         summary(context, inputs, counts, {report::wall_seconds() - wall, report::cpu_seconds() - cpu}));
  PW_CHECK(store::publish_report(context.run, "s7_run_summary", report));
  context.log.step("S7: run summary written (parity + validation counters)");
  return Summary{counts.sites, published->bytes};
}

}  // namespace placewright::states::s7_synthesis
