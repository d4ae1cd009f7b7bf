#include "states/s4_allocation/allocation.hpp"

#include <algorithm>
#include <optional>

#include "datasets/gate.hpp"
#include "datasets/policies.hpp"
#include "datasets/regions.hpp"
#include "datasets/schemas.hpp"
#include "hash/sha256.hpp"
#include "mass/sampling.hpp"
#include "states/s4_allocation/blocks.hpp"
#include "states/s4_allocation/report.hpp"
#include "states/same_rows.hpp"

namespace placewright::states::s4_allocation {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRowsPerPart = 1'000'000;
constexpr std::uint64_t kIndexBudget = 1ULL << 30;  // for country indexes, when no memory limit is given

Result<contracts::PolicyS4> read_policy(Context& context) {
  PW_TRY(const auto file, datasets::read_policy_file(context.run, "s4_alloc_plan_policy"));
  const auto& path = file.path;
  PW_TRY(auto policy, contracts::read_policy_s4(file.fields, path.string()));
  context.log.record("INFO", "S4: loaded policy version=" + policy.version + " path=" + path.generic_string());
  return policy;
}

Result<table::Dataset> open_requirements(const store::RunFolder& run) {
  PW_TRY(const auto path, run.target("s3_requirements"));
  std::error_code error;
  if (!fs::exists(path, error)) {
    return Error("E401_NO_S3_REQUIREMENTS", "S3 has published no requirements at " + path.string())
        .with("detail", "s3_requirements_missing")
        .with("path", path.string());
  }
  return table::Dataset::open(path);
}

// Rows of one block after the other to part files.
class PlanWriter {
 public:
  PlanWriter(const fs::path& folder, work::Pool& pool) : parts_(folder, datasets::kAllocPlan, kRowsPerPart, pool) {}

  Result<void> write(const BlockAnswer& block) {
    std::vector<MerchantId> merchants;
    std::vector<Iso> countries;
    std::vector<TileId> tiles;
    std::vector<std::int64_t> sites;
    for (std::size_t i = 0; i < block.pairs.size(); ++i) {
      merchants.resize(merchants.size() + block.rows[i].size(), block.pairs[i].merchant);
      countries.resize(countries.size() + block.rows[i].size(), block.pairs[i].country);
      for (const auto& row : block.rows[i]) {
        tiles.push_back(row.tile);
        sites.push_back(row.sites);
      }
    }
    table::Batch batch;
    batch.rows = tiles.size();
    batch.columns = {std::move(merchants), table::iso_column(countries), std::move(tiles), std::move(sites)};
    rows_ += batch.rows;
    return parts_.write(std::move(batch));
  }

  Result<std::uint64_t> close() {
    PW_TRY(const auto files, parts_.close());
    static_cast<void>(files);
    return rows_;
  }

 private:
  table::PartsWriter parts_;
  std::uint64_t rows_ = 0;
};

// What S1 and S2 published: weights of tiles, or masses of blocks.
struct Surfaces {
  datasets::TileUniverse tiles;
  std::optional<datasets::WeightSource> weights;
  std::optional<mass::MassSource> masses;
};

Result<Surfaces> open_surfaces(Context& context, const contracts::PolicyS4& policy, Costs& costs) {
  PW_TRY(auto tiles, datasets::TileUniverse::open(context.run));
  Surfaces out{std::move(tiles), std::nullopt, std::nullopt};
  if (policy.spatial) {
    PW_TRY(out.masses, mass::MassSource::open(context.run));
  } else {
    PW_TRY(out.weights, datasets::WeightSource::open(context.run));
  }
  PW_TRY(costs.tile_signature, hash::surface_signature(out.tiles.root()));
  PW_TRY(costs.weight_signature, hash::surface_signature(out.masses ? out.masses->root() : out.weights->root()));
  context.log.record("INFO", "S4: surface signatures tile_index=" + costs.tile_signature.substr(0, 12) +
                                 " tile_weights=" + costs.weight_signature.substr(0, 12));
  return out;
}

Result<void> allocate_by_mass(Context& context, const Requirements& demand, const TakeBlock& take) {
  PW_TRY(const auto sampler, mass::Sampler::open(context.run));
  return sampler.sample(demand.pairs, sites_at_once(context.memory_bytes), context.pool, [&](const mass::Sampled& sampled) {
    BlockAnswer answer{sampled.pairs, sampled.rows, std::vector<PairFigures>(sampled.pairs.size())};
    for (std::size_t i = 0; i < sampled.pairs.size(); ++i) {
      auto& figures = answer.figures[i];
      figures.before = figures.after = concentration(sampled.rows[i], sampled.pairs[i].sites);
    }
    return take(answer);
  });
}

Result<void> allocate_by_weight(Context& context, const Requirements& demand, const contracts::PolicyS4& policy,
                                const Surfaces& surfaces, const TakeBlock& take, Costs& costs) {
  Countries countries(surfaces.tiles, *surfaces.weights,
                      context.memory_bytes > 0 ? context.memory_bytes / 4 : kIndexBudget);
  if (!demand.pairs.empty()) PW_CHECK(countries.fix_dp(demand.pairs.front().country));
  PW_CHECK(allocate_all(demand.pairs, countries, policy, context.pool, take));
  costs.load_seconds = countries.load_seconds();
  costs.country_loads = countries.loads();
  costs.tile_bytes = countries.tile_bytes();
  costs.weight_bytes = countries.weight_bytes();
  return {};
}

Result<Totals> allocate_and_write(Context& context, const Requirements& demand, const contracts::PolicyS4& policy,
                                  const Surfaces& surfaces, const fs::path& folder, Diagnostics& diagnostics,
                                  Costs& costs) {
  PlanWriter writer(folder, context.pool);
  report::Progress progress(context.log, "S4 allocation progress pairs_processed (merchant-country requirements)",
                            demand.pairs.size());
  const double began = report::wall_seconds();
  const auto take = [&](const BlockAnswer& block) -> Result<void> {
    const double write_began = report::wall_seconds();
    for (const auto& figures : block.figures) diagnostics.add(figures);
    PW_CHECK(writer.write(block));
    progress.advance(block.pairs.size());
    ++costs.blocks;
    costs.write_seconds += report::wall_seconds() - write_began;
    return {};
  };
  PW_CHECK(policy.spatial ? allocate_by_mass(context, demand, take)
                          : allocate_by_weight(context, demand, policy, surfaces, take, costs));
  if (demand.fault) return *demand.fault;
  costs.kernel_seconds = report::wall_seconds() - began - costs.load_seconds - costs.write_seconds;
  costs.open_files = report::open_files();
  Totals totals;
  totals.pairs = demand.pairs.size();
  totals.merchants = demand.merchants;
  PW_TRY(totals.rows, writer.close());
  return totals;
}

}  // namespace

Result<Summary> run(Context& context) {
  Costs costs;
  costs.wall_began = report::wall_seconds();
  costs.cpu_began = report::cpu_seconds();
  PW_CHECK(datasets::check_gate_receipt(context.run,
                                        {"s3_requirements", "tile_weights", "tile_index", "iso3166_canonical_2024"},
                                        {"E406_TOKEN_MISMATCH", "E409_DISALLOWED_READ"}));
  PW_TRY(const auto policy, read_policy(context));
  PW_TRY(const auto rows, open_requirements(context.run));
  costs.requirement_bytes = rows.file_bytes();
  PW_TRY(const auto surfaces, open_surfaces(context, policy, costs));
  PW_TRY(const auto iso_codes, datasets::read_iso_codes(context.run));
  PW_TRY(const auto demand, read_requirements(rows, iso_codes));
  context.log.step("S4: requirements read (pairs=" + std::to_string(demand.pairs.size()) + ")");

  PW_TRY(const auto staging, store::Staging::create(context.run, "s4_alloc_plan"));
  Diagnostics diagnostics;
  PW_TRY(const auto totals, allocate_and_write(context, demand, policy, surfaces, staging.path(), diagnostics, costs));
  PW_TRY(const auto published,
         store::publish_folder(context.run, staging.path(), "s4_alloc_plan",
                               "E_IMMUTABLE_PARTITION_EXISTS_NONIDENTICAL", same_rows(datasets::kAllocPlan)));
  PW_TRY(const auto report, run_report(context, policy, totals, diagnostics, published, costs));
  PW_CHECK(store::publish_report(context.run, "s4_run_report", report));
  return Summary{totals.rows, published.bytes, true};
}

}  // namespace placewright::states::s4_allocation
