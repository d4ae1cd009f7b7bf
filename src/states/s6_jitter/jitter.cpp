#include "states/s6_jitter/jitter.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "datasets/draws.hpp"
#include "datasets/gate.hpp"
#include "datasets/schemas.hpp"
#include "states/s6_jitter/settle.hpp"
#include "states/s6_jitter/tally.hpp"
#include "states/s6_jitter/territory.hpp"
#include "states/same_rows.hpp"
#include "store/publish.hpp"

namespace placewright::states::s6_jitter {
namespace {

namespace fs = std::filesystem;
using datasets::JitterEvent;

constexpr std::size_t kRowsPerBlock = 4096;

Result<void> check_gate(const store::RunFolder& run) {
  if (auto gate = datasets::check_gate_receipt(run, {}, {"PW_RECEIPT", "PW_INPUT"}); !gate) {
    const bool absent = gate.error().code() == "E301_NO_PASS_FLAG";
    return absent ? std::move(gate).error().as("PW_INPUT") : std::move(gate).error();
  }
  PW_TRY(const auto path, run.target("sealed_inputs_1B"));
  PW_TRY(const auto sealed, store::read_json(path));
  PW_TRY(const auto located, run.locate("world_countries"));
  for (const auto& item : sealed) {
    if (!item.is_object() || item.value("asset_id", Json()) != "world_countries") continue;
    if (item.contains("path") && item["path"].is_string() && run.recorded_as(item["path"].get<std::string>(), located))
      return {};
    return Error("PW_INPUT", "world_countries was sealed at another path than " + located.string() +
                                 "; use the external roots that S0 had");
  }
  return Error("PW_INPUT", path.string() + " does not list world_countries");
}

Result<table::Dataset> open_assignments(const store::RunFolder& run) {
  PW_TRY(const auto path, run.target("s5_site_tile_assignment"));
  PW_TRY(auto rows, table::Dataset::open(path));
  if (rows.rows() > 0) return rows;
  return Error("E601_ROW_MISSING", "S5 has assigned no site").with("detail", "no_rows_emitted");
}

// One row group of S5.
struct Group {
  table::Batch batch;
  std::vector<Iso> countries;                 // by row
  std::vector<const Territory*> territories;  // by code of the country column; nullptr: no row has it
  std::vector<std::uint64_t> positions;       // by row: of the tile among its country's

  std::size_t rows() const { return batch.rows; }
  std::size_t blocks() const { return (rows() + kRowsPerBlock - 1) / kRowsPerBlock; }
  std::size_t end_of_block(std::size_t i) const { return std::min(rows(), (i + 1) * kRowsPerBlock); }
  TileId tile(std::size_t i) const { return batch.u64(3)[i]; }
  SiteKey key(std::size_t i) const { return {batch.u64(0)[i], countries[i], batch.i64(2)[i]}; }
  const Territory& territory(std::size_t i) const { return *territories[batch.text(1).codes[i]]; }
};

// Rows that are the first of their country, in order.
std::vector<std::size_t> first_rows(const table::TextColumn& countries) {
  std::vector<std::size_t> rows;
  std::vector<bool> seen(countries.dictionary.size());
  for (std::size_t i = 0; i < countries.codes.size(); ++i) {
    if (seen[countries.codes[i]]) continue;
    seen[countries.codes[i]] = true;
    rows.push_back(i);
  }
  return rows;
}

// The fault of the first country that has one: E608, or E606 with all of its tiles that are none.
Result<void> check_tiles(const Group& group, const Territories& world) {
  for (const auto first : first_rows(group.batch.text(1))) {
    const auto iso = group.countries[first];
    PW_TRY(const auto* const territory, world.of(iso));
    std::vector<TileId> tiles;
    for (auto i = first; i < group.rows(); ++i) {
      if (group.countries[i] == iso) tiles.push_back(group.tile(i));
    }
    std::ranges::sort(tiles);
    tiles.erase(std::unique(tiles.begin(), tiles.end()), tiles.end());
    PW_CHECK(territory->check(tiles));
  }
  return Error("PW_DEFECT", "S6 refused a row group of S5 in whose tiles it then found no fault");
}

// False when a country or a tile is unknown.
bool find_tiles(Group& group, const Territories& world, work::Pool& pool) {
  const auto& column = group.batch.text(1);
  const auto first = first_rows(column);
  group.territories.resize(column.dictionary.size());
  group.positions.resize(group.rows());
  const auto open = [&](std::size_t i) -> Result<void> {
    PW_TRY(group.territories[column.codes[first[i]]], world.of(group.countries[first[i]]));
    return {};
  };
  const auto find = [&](std::size_t block) -> Result<void> {
    for (auto i = block * kRowsPerBlock; i < group.end_of_block(block); ++i) {
      const auto position = group.territory(i).position_of(group.tile(i));
      if (!position) return Error("E606_FK_TILE_INDEX", "");
      group.positions[i] = *position;
    }
    return {};
  };
  return work::for_each(pool, first.size(), open) && work::for_each(pool, group.blocks(), find);
}

Result<Group> read_group(const table::Dataset& s5, std::size_t g, const Territories& world, work::Pool& pool) {
  Group group;
  PW_TRY(group.batch, s5.read(g, datasets::kAssignment));
  PW_TRY(group.countries, table::isos(group.batch.text(1), "legal_country_iso"));
  if (!find_tiles(group, world, pool)) PW_CHECK(check_tiles(group, world));
  return group;
}

// Rows [first, last) of a group, placed up to the first fault.
struct Block {
  std::vector<double> delta_lat, delta_lon;
  std::vector<JitterEvent> events;
  Tally tally;
  std::optional<Error> fault;
};

std::optional<Error> order_fault(const std::optional<SiteKey>& previous, const SiteKey& key) {
  if (!previous || *previous < key) return std::nullopt;
  const bool twice = *previous == key;
  return Error(twice ? "E603_DUP_KEY" : "E605_SORT_VIOLATION",
               "s5_site_tile_assignment: site " + std::to_string(key.merchant) + "/" + key.country.text() + "/" +
                   std::to_string(key.site_order) + (twice ? " appears twice" : " comes after a greater key"))
      .with("detail", twice ? "duplicate_output_key" : "output_unsorted")
      .with("key", key);
}

class Placer {
 public:
  Placer(const geo::Grid& grid, const contracts::PolicyS6& policy, const rng::JitterLaw& law,
         const rng::JitterStreams& streams)
      : grid_(grid), policy_(policy), law_(law), streams_(streams) {
    if (!policy.settled() || grid.rotated()) return;
    for (std::uint32_t row = 0; row < grid.rows; ++row)
      ground_.push_back(geo::narrowing(geo::tile_bounds(grid, row, 0)));
  }

  Block place_rows(const Group& group, std::size_t first, std::size_t last, std::optional<SiteKey> previous) const {
    Block block;
    block.events.reserve((last - first) * 5 / 4);
    block.delta_lat.reserve(last - first);
    block.delta_lon.reserve(last - first);
    std::optional<std::uint64_t> word;
    for (auto i = first; i < last; ++i) {
      if (i + kAhead < last) group.territory(i + kAhead).prefetch(group.positions[i + kAhead]);
      const auto key = group.key(i);
      if ((block.fault = order_fault(previous, key))) break;
      if (!previous || !word || previous->merchant != key.merchant) word = rng::merchant_word(key.merchant);
      previous = key;
      Placed placed;
      const auto stream = streams_.stream_of_word(*word, key.country, key.site_order);
      if ((block.fault = place_row(group, i, stream, block.events, placed))) break;
      block.delta_lat.push_back(placed.delta_lat);
      block.delta_lon.push_back(placed.delta_lon);
      block.tally.add(key.country, placed);
    }
    return block;
  }

 private:
  static constexpr std::size_t kAhead = 16;  // rows whose tiles are fetched from memory meanwhile

  std::optional<Error> place_row(const Group& group, std::size_t i, const rng::Stream& stream,
                                 std::vector<JitterEvent>& events, Placed& placed) const {
    const auto tile = group.tile(i);
    const auto row = grid_.row_of(tile);
    const auto bounds = geo::tile_bounds(grid_, row, grid_.column_of(tile));
    const auto land = group.territory(i).land(group.positions[i], bounds);
    if (!policy_.settled())
      return place(group.key(i), bounds, stream, law_, policy_.max_attempts, land, events, placed);
    const auto ground = ground_.empty() ? geo::narrowing(bounds) : ground_[row];
    settle(group.key(i), bounds, ground, stream, policy_.max_attempts, land, events, placed);
    return std::nullopt;
  }

  const geo::Grid& grid_;
  const contracts::PolicyS6& policy_;
  const rng::JitterLaw& law_;
  const rng::JitterStreams& streams_;
  std::vector<geo::Narrowing> ground_;  // by row; empty where it is not the row's alone, or not asked for
};

// The whole group's rows, which mostly are one part of the output.
table::Batch as_rows(Group&& group, std::vector<double>&& delta_lat, std::vector<double>&& delta_lon,
                     const std::string& fingerprint) {
  auto batch = std::move(group.batch);
  batch.columns.emplace_back(std::move(delta_lat));
  batch.columns.emplace_back(std::move(delta_lon));
  batch.columns.emplace_back(table::TextColumn::repeated(fingerprint, batch.rows));
  return batch;
}

struct Outputs {
  table::PartsWriter rows;
  datasets::EventWriter<JitterEvent> log;
};

Result<Tally> place_all(Context& context, const table::Dataset& s5, const Territories& world,
                        const datasets::JitterPolicy& policy, Outputs& out) {
  const auto& id = context.run.identity();
  PW_TRY(const auto master, datasets::draw_master(context.run, datasets::EventFamily::jitter));
  const rng::JitterStreams streams(master, policy.policy.seed_namespace);
  const auto law = policy.law();
  const Placer placer(world.grid(), policy.policy, law, streams);
  report::Progress progress(context.log, "S6 jitter progress sites_processed", s5.rows());
  Tally tally;
  std::optional<SiteKey> previous;
  for (std::size_t g = 0; g < s5.groups(); ++g) {
    PW_TRY(auto group, read_group(s5, g, world, context.pool));
    std::vector<double> delta_lat, delta_lon;
    delta_lat.reserve(group.rows());
    delta_lon.reserve(group.rows());
    const auto produce = [&](std::size_t i) -> Result<Block> {
      const auto first = i * kRowsPerBlock;
      return placer.place_rows(group, first, group.end_of_block(i), first == 0 ? previous : group.key(first - 1));
    };
    const auto consume = [&](std::size_t, Block&& block) -> Result<void> {
      if (block.fault) return *std::move(block.fault);
      tally.add(block.tally);
      delta_lat.insert(delta_lat.end(), block.delta_lat.begin(), block.delta_lat.end());
      delta_lon.insert(delta_lon.end(), block.delta_lon.begin(), block.delta_lon.end());
      progress.advance(block.tally.sites);
      return out.log.write(block.events);
    };
    PW_CHECK(work::ordered<Block>(context.pool, group.blocks(), produce, consume));
    if (group.rows() == 0) continue;
    previous = group.key(group.rows() - 1);
    PW_CHECK(
        out.rows.write(as_rows(std::move(group), std::move(delta_lat), std::move(delta_lon), id.manifest_fingerprint)));
  }
  return tally;
}

Result<void> check_totals(const Tally& tally, std::uint64_t expected) {
  if (tally.sites != expected) {
    return Error("E601_ROW_MISSING",
                 "S6 placed " + std::to_string(tally.sites) + " of " + std::to_string(expected) + " sites")
        .with("detail", "row_count_mismatch")
        .with("expected", expected)
        .with("actual", tally.sites);
  }
  if (tally.events >= tally.sites) return {};
  return Error("E609_RNG_EVENT_COUNT", "S6 has fewer events than sites")
      .with("detail", "rng_events_lt_rows")
      .with("events", tally.events)
      .with("rows", tally.sites);
}

}  // namespace

Result<Summary> run(Context& context) {
  const auto& folder = context.run;
  PW_CHECK(check_gate(folder));
  context.log.step("S6: gate receipt and sealed world_countries verified");
  PW_TRY(const auto policy, datasets::read_jitter_policy(folder));
  const auto& p = policy.policy;
  context.log.step("S6: jitter policy mode=" + p.mode + " version=" + p.version +
                   " max_attempts=" + std::to_string(p.max_attempts) +
                   " selection_blend=" + double_text(p.selection_blend) + " path=" + policy.path);
  if (const auto advice = contracts::lint(p); !advice.empty()) context.log.warn("S6: " + policy.path + ": " + advice);
  PW_TRY(const auto s5, open_assignments(folder));
  context.log.step("S6: S5 assignments files=" + std::to_string(s5.files().size()) +
                   " rows=" + std::to_string(s5.rows()));
  PW_TRY(const auto world, Territories::open(folder));
  context.log.step("S6: country polygons read countries=" + std::to_string(world.size()));
  const double wall = report::wall_seconds(), cpu = report::cpu_seconds();
  const auto form = context.events == EventForm::jsonl ? datasets::LogForm::jsonl : datasets::LogForm::parquet;
  PW_TRY(const auto staging, store::Staging::create(folder, "s6_site_jitter"));
  PW_CHECK(store::make_folder(staging.path() / "data"));
  PW_TRY(auto log, datasets::EventWriter<JitterEvent>::create(staging.path(), form, folder.identity(), context.pool));
  Outputs out{table::PartsWriter(staging.path() / "data", datasets::kJitter, datasets::kSitesPerPart, context.pool),
              std::move(log)};
  PW_TRY(const auto tally, place_all(context, s5, world, policy, out));
  PW_TRY(const auto parts, out.rows.close());
  PW_CHECK(out.log.close());
  PW_CHECK(check_totals(tally, s5.rows()));
  for (const auto& part : parts)
    context.log.record("INFO", "S6: wrote " + std::to_string(part.rows) + " rows to " + part.name);
  context.log.step("S6: sites placed (rows=" + std::to_string(tally.sites) +
                   ", attempts=" + std::to_string(tally.events) + ")");
  PW_TRY(const auto published,
         store::publish_folder(folder, staging.path() / "data", "s6_site_jitter",
                               "E_IMMUTABLE_PARTITION_EXISTS_NONIDENTICAL", same_rows(datasets::kJitter)));
  PW_CHECK(datasets::publish_events(folder, staging.path(), datasets::EventFamily::jitter, form, context.pool));
  PW_CHECK(datasets::ensure_audit(folder, context.build_commit));
  const Measured measured{report::wall_seconds() - wall, report::cpu_seconds() - cpu, world.bytes_read(), world.used()};
  PW_CHECK(store::publish_report(folder, "s6_run_report", report_of(folder.identity(), p, tally, published, measured)));
  context.log.step("S6: run report written");
  return Summary{tally.sites, published.bytes};
}

}  // namespace placewright::states::s6_jitter
