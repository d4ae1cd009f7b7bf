#include "placewright/catalogue.hpp"

#include <filesystem>

#include "catalogue/check.hpp"
#include "catalogue/import.hpp"
#include "catalogue/synth.hpp"
#include "pipeline/status.hpp"
#include "realism/attainability.hpp"
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
  result.countries = report.outlets_by_country.size();
  result.rejects_total = report.rejects_total;
  result.rejects_file = report.rejects_file.string();
  for (const auto& reject : report.rejects) result.rejects.push_back({reject.line, reject.column, reject.value, reject.code});
}

// Countries in which a world of ours has no tile, by its own records. A world from elsewhere has no such record: there
// S3 is the first to know.
Result<std::vector<Iso>> without_tiles(const std::filesystem::path& folder) {
  std::vector<Iso> countries;
  std::error_code ignored;
  if (!std::filesystem::exists(folder / "qa.json", ignored)) return countries;
  PW_TRY(const auto facts, world::show(folder));
  for (const auto& code : facts.without_tiles) {
    if (const auto iso = Iso::parse(code)) countries.push_back(*iso);
  }
  return countries;
}

Result<void> import_or_check(const CatalogueImportOptions& options, CatalogueResult& result) {
  work::Pool pool(options.threads);
  catalogue::ImportOptions import;
  import.file = options.file;
  import.max_rejects = options.max_rejects;
  if (!options.world.empty()) {
    PW_TRY(import.isos, catalogue::IsoTable::read(std::filesystem::path(options.world) / world::kIsoPath));
    PW_TRY(import.without_tiles, without_tiles(options.world));
  }
  if (options.check_only) {
    PW_TRY(const auto checked, catalogue::check_file(import, {}, pool));
    show(checked.import, result);
    if (checked.import.refused) return *checked.import.refused;
    const auto gates = realism::attainability({checked.import.outlets_by_country, {}});
    result.attainability = realism::lines(gates);
    result.attainability_json = compact(realism::as_json(gates));
    return {};
  }
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
