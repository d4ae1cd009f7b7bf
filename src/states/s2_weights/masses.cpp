#include "states/s2_weights/masses.hpp"

#include <algorithm>
#include <numeric>

#include "mass/blocks.hpp"
#include "datasets/schemas.hpp"
#include "states/same_rows.hpp"
#include "store/files.hpp"
#include "store/publish.hpp"

namespace placewright::states::s2_weights {
namespace {

struct Outcome {
  Iso iso;
  std::uint64_t tiles = 0, blocks = 0;
  double people = 0;
  bool by_area = false;
};

Result<Outcome> write_country(const std::filesystem::path& folder, const geo::Grid& grid, const Country& country,
                              const mass::CellMass& law, const mass::BlockSums& sums) {
  PW_TRY(auto masses, mass::country_masses(grid, country.tiles, law, country.iso, sums));
  const Outcome out{country.iso, country.tiles.size(), masses.blocks.size(),
                    static_cast<double>(masses.people) / mass::kPeopleUnit, masses.by_area};
  PW_CHECK(mass::write_masses(folder, std::move(masses)));
  return out;
}

Json report_of(const Context& context, const contracts::PolicyS2& policy, const mass::PeopleRaster& raster,
               const std::vector<Outcome>& countries, const store::Published& published, double wall_began,
               double cpu_began) {
  const bool lifelike = policy.masses.method == contracts::MassMethod::lifelike_v1;
  Json rows = Json::array();
  std::uint64_t blocks = 0, tiles = 0;
  for (const auto& country : countries) {
    blocks += country.blocks;
    tiles += country.tiles;
    rows.push_back({{"country_iso", country.iso.text()},
                    {"tiles", country.tiles},
                    {"blocks", country.blocks},
                    {"people", country.people},
                    {"by_area", country.by_area}});
  }
  return {{"parameter_hash", context.run.identity().parameter_hash},
          {"policy_version", policy.version},
          {"basis", "masses"},
          {"method", lifelike ? "lifelike_v1" : "balanced_v1"},
          {"block_cells", 1U << geo::block_level(raster.grid())},
          {"rural_raster", raster.knows_rural()},
          {"rows_emitted", blocks},
          {"tiles_total", tiles},
          {"countries_total", countries.size()},
          {"country_summaries", rows},
          {"determinism_receipt", store::determinism_receipt(published)},
          {"pat",
           {{"wall_clock_seconds_total", report::wall_seconds() - wall_began},
            {"cpu_seconds_total", report::cpu_seconds() - cpu_began}}}};
}

}  // namespace

Result<Summary> run_masses(Context& context, const contracts::PolicyS2& policy, Universe& universe) {
  const double wall_began = report::wall_seconds(), cpu_began = report::cpu_seconds();
  PW_TRY(const auto raster, mass::PeopleRaster::open(context.run));
  const mass::CellMass law(policy.masses);
  std::vector<geo::TileSet> tiles;
  for (const auto& country : universe.countries) tiles.push_back(country.tiles);
  report::Progress progress(context.log, "S2 population raster windows", mass::sum_windows(raster).size());
  PW_TRY(auto sums, mass::sum_blocks(raster, law, tiles, context.pool, [&] { progress.advance(); }));
  context.log.step("S2: masses summed over blocks");

  PW_TRY(const auto staging, store::Staging::create(context.run, "s2_mass_blocks"));
  std::vector<Outcome> countries(universe.countries.size());
  std::vector<std::size_t> order(countries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t i) { return tiles[i].size(); });
  PW_CHECK(work::for_each(context.pool, countries.size(), [&](std::size_t k) -> Result<void> {
    const auto i = order[k];
    PW_TRY(countries[i], write_country(staging.path(), universe.grid, universe.countries[i], law, sums[i]));
    sums[i] = {};
    return {};
  }));
  PW_TRY(const auto published, store::publish_folder(context.run, staging.path(), "mass_blocks", "E108_WRITER_HYGIENE",
                                                     same_rows(datasets::kMassBlocks)));
  PW_CHECK(store::publish_report(context.run, "s2_run_report",
                                 report_of(context, policy, raster, countries, published, wall_began, cpu_began)));
  Summary summary;
  for (const auto& country : countries) summary.rows += country.tiles;
  summary.bytes = published.bytes;
  return summary;
}

}  // namespace placewright::states::s2_weights
