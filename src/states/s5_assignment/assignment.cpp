#include "states/s5_assignment/assignment.hpp"

#include <algorithm>
#include <numeric>

#include "datasets/draws.hpp"
#include "datasets/events.hpp"
#include "datasets/gate.hpp"
#include "datasets/schemas.hpp"
#include "states/s5_assignment/assign.hpp"
#include "states/s5_assignment/plan.hpp"
#include "states/same_rows.hpp"
#include "store/publish.hpp"

namespace placewright::states::s5_assignment {
namespace {

namespace fs = std::filesystem;
using datasets::AssignmentEvent;

constexpr std::uint64_t kSitesPerBlock = 50'000;  // of work; a greater pair is a block of its own

Result<fs::path> plan_folder(const store::RunFolder& run) {
  PW_TRY(const auto path, run.target("s4_alloc_plan"));
  std::error_code error;
  if (fs::is_directory(path, error)) return path;
  return Error("E501_NO_S4_ALLOC_PLAN", "S4 has published no allocation plan at " + path.string())
      .with("detail", "s4_alloc_plan_missing")
      .with("path", path.string());
}

Result<std::set<Iso>> iso_codes(const store::RunFolder& run) {
  PW_TRY(const auto path, run.locate("iso3166_canonical_2024"));
  PW_TRY(const auto table, table::Dataset::open(path));
  PW_TRY(const auto batch, table.read_all({{"country_iso", table::Kind::text}}));
  PW_TRY(const auto codes, table::isos(batch.text(0), "country_iso"));
  return std::set<Iso>(codes.begin(), codes.end());
}

// Pairs [first, last).
struct Block {
  std::size_t first, last;
};

std::vector<Block> blocks_of(const std::vector<Pair>& pairs) {
  std::vector<Block> blocks;
  std::uint64_t sites = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (blocks.empty() || sites + pairs[i].sites > kSitesPerBlock) {
      blocks.push_back({i, i});
      sites = 0;
    }
    blocks.back().last = i + 1;
    sites += pairs[i].sites;
  }
  return blocks;
}

Result<std::vector<AssignmentEvent>> assign_block(const Plan& plan, const Block& block, const hash::Digest& master) {
  PW_TRY(const auto entries, plan.entries(block.first, block.last));
  std::vector<AssignmentEvent> events;
  std::size_t row = 0;
  for (auto i = block.first; i < block.last; ++i) {
    const auto& pair = plan.pairs()[i];
    const auto rows = static_cast<std::size_t>(pair.rows);
    assign(pair.merchant, pair.country, rng::assignment_stream(master, pair.merchant, pair.country),
           std::span(entries.tiles).subspan(row, rows), std::span(entries.counts).subspan(row, rows), events);
    row += rows;
  }
  return events;
}

table::Batch as_rows(const std::vector<AssignmentEvent>& events) {
  const auto n = events.size();
  std::vector<std::uint64_t> merchants(n), tiles(n);
  std::vector<Iso> countries(n);
  std::vector<std::int64_t> orders(n);
  for (std::size_t i = 0; i < n; ++i) {
    merchants[i] = events[i].site.merchant;
    countries[i] = events[i].site.country;
    orders[i] = events[i].site.site_order;
    tiles[i] = events[i].tile;
  }
  table::Batch batch{n, {}};
  batch.columns.emplace_back(std::move(merchants));
  batch.columns.emplace_back(table::iso_column(countries));
  batch.columns.emplace_back(std::move(orders));
  batch.columns.emplace_back(std::move(tiles));
  return batch;
}

// Rows and events below `staging`; the number of events.
Result<std::uint64_t> write_all(Context& context, const Plan& plan, const fs::path& staging, datasets::LogForm form) {
  PW_TRY(const auto master, datasets::draw_master(context.run, datasets::EventFamily::assignment));
  PW_CHECK(store::make_folder(staging / "data"));
  table::PartsWriter rows(staging / "data", datasets::kAssignment, datasets::kSitesPerPart, context.pool);
  PW_TRY(auto log, datasets::EventWriter<AssignmentEvent>::create(staging, form, context.run.identity(), context.pool));
  report::Progress progress(context.log, "S5 assignment progress sites_processed", plan.sites());
  const auto blocks = blocks_of(plan.pairs());
  const auto produce = [&](std::size_t i) { return assign_block(plan, blocks[i], master); };
  const auto consume = [&](std::size_t, std::vector<AssignmentEvent>&& events) -> Result<void> {
    PW_CHECK(rows.write(as_rows(events)));
    PW_CHECK(log.write(events));
    progress.advance(events.size());
    return {};
  };
  PW_CHECK(work::ordered<std::vector<AssignmentEvent>>(context.pool, blocks.size(), produce, consume,
                                                       2 * context.pool.threads()));
  PW_TRY(const auto parts, rows.close());
  for (const auto& part : parts)
    context.log.record("INFO", "S5: wrote " + std::to_string(part.rows) + " rows to " + part.name);
  PW_TRY(const auto events, log.close());
  const auto written = std::accumulate(parts.begin(), parts.end(), std::uint64_t{0},
                                       [](auto sum, const auto& part) { return sum + part.rows; });
  if (events == written) return events;
  return Error("E507_RNG_EVENT_MISMATCH",
               "S5 wrote " + std::to_string(written) + " rows but " + std::to_string(events) + " events")
      .with("detail", "rng_event_budget_mismatch")
      .with("expected", written)
      .with("actual", events);
}

struct Measured {
  double wall_seconds, cpu_seconds;
  std::uint64_t bytes_read_index;
};

Json report_of(const RunIdentity& id, const Plan& plan, const store::Published& published, const Measured& measured) {
  return {{"seed", id.seed},
          {"manifest_fingerprint", id.manifest_fingerprint},
          {"parameter_hash", id.parameter_hash},
          {"run_id", id.run_id},
          {"rows_emitted", plan.sites()},
          {"pairs_total", plan.pairs().size()},
          {"rng_events_emitted", plan.sites()},
          {"determinism_receipt", store::determinism_receipt(published)},
          {"pat",
           {{"bytes_read_s4_total", plan.file_bytes()},
            {"bytes_read_index_total", measured.bytes_read_index},
            {"rows_emitted", plan.sites()},
            {"pairs_total", plan.pairs().size()},
            {"merchants_total", plan.merchants()},
            {"wall_clock_seconds_total", measured.wall_seconds},
            {"cpu_seconds_total", measured.cpu_seconds},
            {"open_files_peak", report::open_files()},
            {"open_files_metric", "open_files"}}}};
}

}  // namespace

Result<Summary> run(Context& context) {
  const auto& folder = context.run;
  PW_CHECK(datasets::check_gate_receipt(folder, {"tile_index", "iso3166_canonical_2024"},
                                        {"E508_TOKEN_MISMATCH", "E510_DISALLOWED_READ"}));
  context.log.step("S5: gate receipt verified (tile_index and iso3166_canonical_2024 authorized)");
  PW_TRY(const auto plan_path, plan_folder(folder));
  PW_TRY(auto countries, iso_codes(folder));
  PW_TRY(auto universe, datasets::TileUniverse::open(folder));
  const datasets::TileSets tiles(std::move(universe));
  context.log.step("S5: inputs resolved (s4_alloc_plan, tiles, " + std::to_string(countries.size()) + " ISO codes)");
  const double wall = report::wall_seconds(), cpu = report::cpu_seconds();
  PW_TRY(const auto plan, Plan::read(plan_path, {std::move(countries), &tiles}, context.pool));
  context.log.step("S5: allocation plan checked (pairs=" + std::to_string(plan.pairs().size()) +
                   ", sites=" + std::to_string(plan.sites()) + ")");
  const auto form = context.events == EventForm::jsonl ? datasets::LogForm::jsonl : datasets::LogForm::parquet;
  PW_TRY(const auto staging, store::Staging::create(folder, "s5_site_tile_assignment"));
  PW_TRY(const auto events, write_all(context, plan, staging.path(), form));
  context.log.step("S5: assignments written (rows=" + std::to_string(events) + ")");
  PW_TRY(const auto published,
         store::publish_folder(folder, staging.path() / "data", "s5_site_tile_assignment",
                               "E_IMMUTABLE_PARTITION_EXISTS_NONIDENTICAL", same_rows(datasets::kAssignment)));
  PW_CHECK(datasets::publish_events(folder, staging.path(), datasets::EventFamily::assignment, form, context.pool));
  PW_CHECK(datasets::ensure_audit(folder, context.build_commit));
  const Measured measured{report::wall_seconds() - wall, report::cpu_seconds() - cpu, tiles.bytes_read()};
  PW_CHECK(store::publish_report(folder, "s5_run_report", report_of(folder.identity(), plan, published, measured)));
  context.log.step("S5: run report written");
  return Summary{plan.sites(), published.bytes};
}

}  // namespace placewright::states::s5_assignment
