#include "placewright/catalogue.hpp"

#include <algorithm>
#include <filesystem>

#include "catalogue/check.hpp"
#include "catalogue/import.hpp"
#include "catalogue/synth.hpp"
#include "contracts/embedded.hpp"
#include "contracts/policy_s3.hpp"
#include "contracts/yaml.hpp"
#include "pipeline/status.hpp"
#include "realism/attainability.hpp"
#include "store/files.hpp"
#include "table/table.hpp"
#include "work/pool.hpp"
#include "world/build.hpp"
#include "world/check.hpp"

namespace placewright {
namespace {

void show(const catalogue::ImportReport& report, CatalogueResult& result) {
  result.pack = report.pack.string();
  result.rows = report.rows;
  result.merchants = report.merchants;
  result.pairs = report.pairs;
  result.outlets = report.outlets;
  result.homes_given = report.homes_given;
  result.homes_without_outlets = report.homes_without_outlets;
  result.countries = report.outlets_by_country.size();
  result.rejects_total = report.rejects_total;
  result.rejects_file = report.rejects_file.string();
  for (const auto& reject : report.rejects) result.rejects.push_back({reject.line, reject.column, reject.value, reject.code});
}

// What the import needs to know of the world, and how many countries of it can hold an outlet.
struct Ground {
  catalogue::IsoTable isos = catalogue::IsoTable::built_in();
  std::vector<Iso> without_tiles;
  double countries_with_tiles = realism::CatalogueFacts().countries_with_tiles;
};

// Codes in which the world has no tile: those without a polygon, and by a world's own records those smaller than a
// cell. A world from elsewhere has no such record: of the latter S3 is the first to know.
Result<Ground> ground_of(const std::filesystem::path& folder) {
  Ground ground;
  if (folder.empty()) return ground;
  PW_TRY(ground.isos, catalogue::IsoTable::read(folder / world::kIsoPath));
  std::vector<Iso> small;
  std::error_code ignored;
  if (std::filesystem::exists(folder / "qa.json", ignored)) {
    PW_TRY(const auto facts, world::show(folder));
    for (const auto& code : facts.without_tiles) small.push_back(Iso::parse(code).value_or(Iso()));
  }
  PW_TRY(const auto polygons, table::Dataset::open(folder / world::kCountriesPath));
  PW_TRY(const auto batch, polygons.read_all({{"country_iso", table::Kind::text}}));
  PW_TRY(auto with, table::isos(batch.text(0), "country_iso"));
  std::erase_if(with, [&](Iso iso) { return std::ranges::find(small, iso) != small.end() || !ground.isos.holds(iso); });
  for (const auto iso : ground.isos.codes()) {
    if (std::ranges::find(with, iso) == with.end()) ground.without_tiles.push_back(iso);
  }
  ground.countries_with_tiles = static_cast<double>(ground.isos.codes().size() - ground.without_tiles.size());
  return ground;
}

// Of the policy a run would obey; empty while it is disabled.
Result<std::vector<Iso>> denylist_of(const CatalogueImportOptions& options) {
  constexpr std::string_view kName = "policy.s3.requirements.yaml";
  auto source = "profiles/" + options.profile + "/" + std::string(kName);
  std::string text(contracts::embedded(source).value_or(""));
  if (!options.policies.empty()) {
    source = (std::filesystem::path(options.policies) / kName).string();
    PW_TRY(text, store::read_text(source));
  } else if (text.empty()) {
    return Error("PW_USAGE", "there is no profile " + options.profile + " with a " + std::string(kName));
  }
  PW_TRY(const auto fields, contracts::parse_yaml(text, source));
  PW_TRY(auto policy, contracts::read_policy_s3(fields, source));
  return policy.enabled ? std::move(policy.denylist) : std::vector<Iso>();
}

Result<void> check(const CatalogueImportOptions& options, const catalogue::ImportOptions& import, const Ground& ground,
                   work::Pool& pool, CatalogueResult& result) {
  PW_TRY(auto denylist, denylist_of(options));
  // Of no account for what the world cannot hold anyway.
  std::erase_if(denylist, [&](Iso iso) { return !ground.isos.holds(iso) || std::ranges::find(ground.without_tiles, iso) != ground.without_tiles.end(); });
  PW_TRY(const auto checked, catalogue::check_file(import, denylist, pool));
  show(checked.import, result);
  for (const auto& [country, outlets, concern] : checked.concerns) result.concerns.push_back({country.text(), outlets, concern});
  result.to_place = checked.to_place;
  if (checked.import.refused) return *checked.import.refused;
  const auto gates = realism::attainability({checked.import.outlets_by_country, denylist, ground.countries_with_tiles});
  result.attainability = realism::lines(gates);
  result.attainability_json = compact(realism::as_json(gates));
  return {};
}

Result<void> import_or_check(const CatalogueImportOptions& options, CatalogueResult& result) {
  work::Pool pool(options.threads);
  catalogue::ImportOptions import;
  import.file = options.file;
  import.max_rejects = options.max_rejects;
  PW_TRY(const auto ground, ground_of(options.world));
  import.isos = ground.isos;
  import.without_tiles = ground.without_tiles;
  if (options.check_only) return check(options, import, ground, pool, result);
  import.out = options.out;
  PW_TRY(const auto report, catalogue::import_file(import, pool));
  show(report, result);
  if (report.refused) return *report.refused;
  return {};
}

}  // namespace

CatalogueResult catalogue_import(const CatalogueImportOptions& options) {
  CatalogueResult result;
  result.status = pipeline::guarded([&] { return import_or_check(options, result); });
  return result;
}

CatalogueResult catalogue_synth(const CatalogueSynthOptions& options) {
  CatalogueResult result;
  result.status = pipeline::guarded([&]() -> Result<void> {
    const auto profile = catalogue::parse_synth_profile(options.profile);
    if (!profile) return Error("PW_USAGE", "--profile takes reference, balanced or lifelike, not " + options.profile);
    work::Pool pool(0);
    catalogue::SynthOptions synth;
    synth.profile = *profile;
    synth.seed = options.seed;
    synth.outlets = options.outlets;
    PW_TRY(const auto report, catalogue::synth(synth, options.out, pool));
    result.pack = options.out;
    result.merchants = report.merchants;
    result.pairs = report.pairs;
    result.outlets = report.outlets;
    result.countries = report.countries;
    return {};
  });
  return result;
}

}  // namespace placewright
