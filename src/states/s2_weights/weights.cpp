#include "states/s2_weights/weights.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "base/text.hpp"
#include "datasets/policies.hpp"
#include "datasets/regions.hpp"
#include "datasets/schemas.hpp"
#include "states/s2_weights/masses.hpp"
#include "states/s2_weights/outputs.hpp"
#include "states/s2_weights/pairwise.hpp"
#include "states/s2_weights/report.hpp"
#include "states/same_rows.hpp"
#include "store/files.hpp"

namespace placewright::states::s2_weights {
namespace {

constexpr auto kConflict = "E108_WRITER_HYGIENE";

Result<contracts::PolicyS2> read_policy(Context& context) {
  PW_TRY(const auto file, datasets::read_policy_file(context.run, "s2_tile_weights_policy"));
  const auto& path = file.path;
  PW_TRY(auto policy, contracts::read_policy_s2(file.fields, path.string()));
  context.log.record("INFO", "S2: loaded policy basis=" + std::string(contracts::basis_text(policy.basis)) +
                                 " dp=" + std::to_string(policy.dp) + " K=" + std::to_string(policy.units()) +
                                 " blend_enabled=" + (policy.blend.enabled ? "True" : "False") +
                                 " path=" + path.generic_string());
  if (policy.blend.enabled) {
    context.log.record("INFO", "S2: blend_v2 mix uniform=" + double_text(policy.blend.uniform) +
                                   " area_m2=" + double_text(policy.blend.area_m2) +
                                   " population=" + double_text(policy.blend.population));
  }
  return policy;
}

// Weighs one country and writes its file; the people are let go at the end, they are the bulk of the memory.
Result<Outcome> process(const std::filesystem::path& folder, PublishForm form, Country& country,
                        const contracts::PolicyS2& policy) {
  auto& components = country.components;
  const auto sum = [&](const std::vector<Runs>& runs) {
    RunCursor values(runs);
    return pairwise_sum(values, components.tiles);
  };
  components.area_sum = sum(components.area);
  if (policy.blend.enabled) components.people_sum = sum(components.people);
  Masses masses(policy, components);
  const bool of_people = masses.are(components.people);
  Outcome out{country.iso, {}, components.tiles, components.area_sum, 0, country.bytes_read, {}};
  PW_TRY(out.weighing, weigh(country.iso, masses, policy));
  out.people = of_people              ? out.weighing.mass_sum
               : policy.blend.enabled ? components.people_sum
                                      : sum(components.people);
  PW_CHECK(write_weights(folder, form, country, masses, out.weighing, policy));
  components.people = {};
  return out;
}

// All countries on the pool, the largest first so that none is waited for at the end. The error reported is that of the
// first country in code order, whichever thread met one first.
Result<std::vector<Outcome>> process_all(Context& context, Universe& universe, const contracts::PolicyS2& policy,
                                         const std::filesystem::path& folder) {
  auto& countries = universe.countries;
  std::vector<std::size_t> order(countries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(
      order, [&](auto a, auto b) { return countries[a].components.tiles > countries[b].components.tiles; });
  std::vector<std::optional<Result<Outcome>>> outcomes(countries.size());
  report::Progress progress(context.log, "S2 countries", countries.size());
  PW_CHECK(work::for_each(context.pool, order.size(), [&](std::size_t k) -> Result<void> {
    const auto i = order[k];
    outcomes[i].emplace(process(folder, context.publish, countries[i], policy));
    progress.advance();
    return {};
  }));
  std::vector<Outcome> out;
  for (auto& outcome : outcomes) {
    PW_TRY(auto value, std::move(*outcome));
    out.push_back(std::move(value));
  }
  return out;
}

void give_no_people(Universe& universe) {
  for (auto& country : universe.countries) {
    Runs none;
    none.add(0.0, country.components.tiles);
    country.components.people.push_back(std::move(none));
  }
}

Result<void> name_regions(Context& context, std::vector<Outcome>& countries) {
  PW_TRY(const auto regions, datasets::MacroRegions::read(context.run));
  for (auto& country : countries) {
    country.region = regions.of(country.iso);
    if (country.weighing.fallback) {
      context.log.record("INFO",
                         "S2: zero mass fallback for country " + country.iso.text() + ", every tile weighs the same");
    }
  }
  return {};
}

}  // namespace

Result<Summary> run(Context& context) {
  const double began = report::wall_seconds(), cpu_began = report::cpu_seconds();
  PW_CHECK(check_published(context.run));
  PW_TRY(const auto policy, read_policy(context));
  Costs costs;
  PW_TRY(const auto iso_codes, datasets::read_iso_codes(context.run));
  costs.iso_seconds = report::wall_seconds() - began;
  PW_TRY(const auto iso_file, context.run.locate("iso3166_canonical_2024"));
  std::error_code error;
  costs.iso_bytes = std::filesystem::file_size(iso_file, error);

  const double tiles_began = report::wall_seconds();
  PW_TRY(auto universe, read_universe(context, iso_codes, policy.needs_area()));
  if (policy.masses.method != contracts::MassMethod::none) return run_masses(context, policy, universe);
  costs.tile_seconds = report::wall_seconds() - tiles_began;
  context.log.step("S2: starting tile weights (countries=" + std::to_string(universe.countries.size()) + ")");
  if (policy.needs_population()) {
    const double raster_began = report::wall_seconds();
    PW_CHECK(add_people(context, universe));
    costs.raster_seconds = report::wall_seconds() - raster_began;
    context.log.step("S2: population read");
  } else {
    give_no_people(universe);
  }
  costs.open_files = report::open_files();

  const std::string dataset = context.publish == PublishForm::spans ? "weight_runs" : "tile_weights";
  PW_TRY(const auto staging, store::Staging::create(context.run, "s2_" + dataset));
  PW_TRY(auto countries, process_all(context, universe, policy, staging.path()));
  PW_CHECK(name_regions(context, countries));
  const auto& schema = context.publish == PublishForm::spans ? datasets::kWeightRuns : datasets::kTileWeights;
  PW_TRY(const auto published,
         store::publish_folder(context.run, staging.path(), dataset, kConflict, same_rows(schema)));

  Summary summary;
  for (const auto& country : countries) summary.rows += country.tiles;
  summary.bytes = published.bytes;
  costs.raster_bytes = summary.rows * universe.bytes_per_value;
  costs.wall_seconds = report::wall_seconds() - began;
  costs.cpu_seconds = report::cpu_seconds() - cpu_began;
  PW_TRY(const auto report, run_report(context, policy, countries, published, costs));
  PW_CHECK(store::publish_report(context.run, "s2_run_report", report));
  return summary;
}

}  // namespace placewright::states::s2_weights
