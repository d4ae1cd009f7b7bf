#include "placewright/world.hpp"

#include "pipeline/status.hpp"
#include "report/log.hpp"
#include "work/pool.hpp"
#include "world/build.hpp"
#include "world/check.hpp"
#include "world/warnings.hpp"

namespace placewright {
namespace {

WorldFacts public_facts(const world::Facts& facts, const std::string& folder) {
  return {folder, facts.countries, facts.columns, facts.rows, facts.people, facts.bytes, facts.licences, facts.without_tiles};
}

WorldResult make(const WorldBuildOptions& options, const world::UserFiles& user) {
  WorldResult result;
  result.status = pipeline::guarded([&]() -> Result<void> {
    report::Log log(options.quiet ? report::Verbosity::quiet : report::Verbosity::normal);
    work::Pool pool(options.threads);
    world::BuildOptions build;
    build.out = options.out;
    build.pack = options.pack;
    build.cells_per_degree = options.cells_per_degree;
    build.reference_codes = options.reference_codes;
    build.user = user;
    build.user.territories = options.territories;
    PW_TRY(const auto report, world::build(build, pool, log));
    result.facts = public_facts(report.facts, report.folder.string());
    result.warnings = report.warnings;
    return {};
  });
  return result;
}

}  // namespace

WorldResult world_build(const WorldBuildOptions& options) { return make(options, {}); }

WorldResult world_import(const WorldImportOptions& options) {
  world::UserFiles user;
  user.polygons = options.polygons;
  user.population = options.population;
  user.country_info = options.country_info;
  user.layer = options.layer;
  user.iso_field = options.iso_field;
  user.skip_unusable = options.skip_unusable;
  user.time_zones = options.time_zones;
  user.regions = options.regions;
  user.licences = options.licences;
  if (user.any()) return make(options.build, user);
  WorldResult result;
  result.status = pipeline::guarded([]() -> Result<void> {
    return Error("PW_USAGE", "world import needs at least one of --polygons, --population, --iso, --time-zones, --regions and --licences");
  });
  return result;
}

WorldResult world_check(const std::string& folder, unsigned threads) {
  WorldResult result;
  result.status = pipeline::guarded([&]() -> Result<void> {
    work::Pool pool(threads);
    PW_TRY(const auto report, world::check(folder, pool));
    result.facts = public_facts(report.facts, folder);
    result.findings = report.findings;
    result.warnings = report.warnings;
    if (!report.findings.empty()) return Error("WORLD_CHECK", folder + ": " + std::to_string(report.findings.size()) + " findings");
    return {};
  });
  return result;
}

WorldResult world_show(const std::string& folder) {
  WorldResult result;
  result.status = pipeline::guarded([&]() -> Result<void> {
    PW_TRY(const auto facts, world::show(folder));
    PW_TRY(result.warnings, world::warnings(folder, facts));
    result.facts = public_facts(facts, folder);
    return {};
  });
  return result;
}

}  // namespace placewright
