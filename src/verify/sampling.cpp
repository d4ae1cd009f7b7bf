#include "verify/sampling.hpp"

#include <algorithm>

#include "datasets/policies.hpp"
#include "mass/sampling.hpp"
#include "verify/rows.hpp"

namespace placewright::verify {
namespace {

using table::Kind;

constexpr std::uint64_t kSitesAtOnce = 4'000'000;

// The rows of s4_alloc_plan of one pair against those it should have.
void compare(Findings& findings, const Pair& pair, std::span<const mass::TileSites> expected, const table::Batch& plan,
             std::size_t first) {
  bool same = expected.size() == pair.allocations;
  for (std::size_t i = 0; same && i < expected.size(); ++i) {
    same = plan.u64(0)[first + i] == expected[i].tile && plan.i64(1)[first + i] == expected[i].sites;
  }
  if (!same)
    findings.add("VER_ALLOCATION", pair_name(pair.merchant, pair.country), "its tiles are not those its start gives");
}

}  // namespace

bool has_masses(const Subject& subject) { return mass::MassSource::published(subject.run); }

Result<void> check_masses(Subject& subject) {
  PW_TRY(const auto file, datasets::read_policy_file(subject.run, "s2_tile_weights_policy"));
  PW_TRY(const auto policy, contracts::read_policy_s2(file.fields, file.path.string()));
  PW_TRY(const auto universe, datasets::TileUniverse::open(subject.run));
  PW_TRY(const auto published, mass::MassSource::open(subject.run));
  PW_TRY(const auto raster, mass::PeopleRaster::open(subject.run));
  const mass::CellMass law(policy.masses);
  std::vector<geo::TileSet> tiles(universe.countries().size());
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    PW_TRY(tiles[i], universe.load(universe.countries()[i]));
  }
  if (published.countries() != universe.countries()) {
    subject.findings.add("VER_MASS", "mass_blocks", "its countries are not those that have tiles");
    return {};
  }
  PW_TRY(const auto sums, mass::sum_blocks(raster, law, tiles, subject.pool, [] {}));
  std::vector<Findings> findings(tiles.size());
  PW_CHECK(work::for_each(subject.pool, tiles.size(), [&](std::size_t i) -> Result<void> {
    const auto iso = universe.countries()[i];
    PW_TRY(const auto expected, mass::country_masses(raster.grid(), tiles[i], law, iso, sums[i]));
    PW_TRY(const auto found, published.load(iso));
    if (found.blocks != expected.blocks)
      findings[i].add("VER_MASS", iso.text(), "its block sums are not those of the raster");
    return {};
  }));
  for (const auto& of_country : findings) subject.findings.add(of_country);
  return {};
}

Result<void> replay_sampling(Subject& subject, const std::vector<Pair>& pairs) {
  if (pairs.empty()) return {};
  PW_TRY(const auto sampler, mass::Sampler::open(subject.run));
  PW_TRY(const auto plan,
         Rows::open(subject.run, "s4_alloc_plan", {{"tile_id", Kind::u64}, {"n_sites_tile", Kind::i64}}));
  std::vector<mass::PairDemand> demand;
  for (const auto& pair : pairs) demand.push_back({pair.merchant, pair.country, static_cast<std::int64_t>(pair.sites)});
  std::size_t next = 0;
  return sampler.sample(demand, kSitesAtOnce, subject.pool, [&](const mass::Sampled& sampled) -> Result<void> {
    const auto& first = pairs[next];
    const auto& last = pairs[next + sampled.pairs.size() - 1];
    PW_TRY(const auto rows,
           plan.read(first.first_allocation, last.first_allocation + last.allocations - first.first_allocation));
    for (std::size_t i = 0; i < sampled.pairs.size(); ++i, ++next) {
      compare(subject.findings, pairs[next], sampled.rows[i], rows,
              pairs[next].first_allocation - first.first_allocation);
    }
    return {};
  });
}

}  // namespace placewright::verify
