#include <cstdio>

#include "base/text.hpp"
#include "command.hpp"
#include "placewright/world.hpp"

namespace placewright::cli {
namespace {

int show(const WorldResult& result, bool json) {
  const auto& facts = result.facts;
  if (json) {
    print_json({{"world", facts.folder}, {"countries", facts.countries}, {"columns", facts.columns}, {"rows", facts.rows},
                {"people", facts.people}, {"bytes", facts.bytes}, {"licences", facts.licences},
                {"without_tiles", facts.without_tiles}, {"findings", result.findings}, {"warnings", result.warnings}, {"exit_code", result.status.exit_code}});
  } else if (result.status || !facts.folder.empty()) {
    for (const auto& finding : result.findings) print("found: " + finding);
    for (const auto& warning : result.warnings) print("warning: " + warning);
    print("countries: " + std::to_string(facts.countries));
    print("grid: " + std::to_string(facts.columns) + " x " + std::to_string(facts.rows));
    print("people: " + grouped(static_cast<std::uint64_t>(facts.people + 0.5)));
    print("licences: " + join(facts.licences, ", "));
    if (!facts.without_tiles.empty()) print("without a tile: " + join(facts.without_tiles, " "));
    print("size: " + bytes_text(facts.bytes));
    print("world: " + facts.folder);
  }
  return result.status ? 0 : fail(result.status);
}

void add_build(CLI::App& world, Action& action) {
  struct Use {
    WorldBuildOptions options;
    bool json = false;
  };
  auto use = std::make_shared<Use>();
  auto& o = use->options;
  auto* verb = world.add_subcommand("build", "Make a world from the embedded pack: polygons, ISO table, modelled population");
  verb->add_option("--out", o.out, "Folder to make")->required();
  verb->add_option("--pack", o.pack, "Source files; default: the pack that comes with placewright");
  verb->add_option("--cells-per-degree", o.cells_per_degree, "120 is 30 arc seconds")->capture_default_str()->check(CLI::Range(1, 120));
  verb->add_flag("--reference-codes", o.reference_codes, "The reference's table: AN and CS too, overseas parts with their parents");
  verb->add_option("--territories", o.territories, "YAML: country codes of features that have none, by name");
  verb->add_option("--threads", o.threads, "Threads; 0: all. Changes no byte")->capture_default_str();
  verb->add_flag("--quiet", o.quiet, "Only errors on stderr");
  add_json(*verb, use->json);
  verb->callback([use, &action] { action = [use] { return show(world_build(use->options), use->json); }; });
}

void add_import(CLI::App& world, Action& action) {
  struct Use {
    WorldImportOptions options;
    bool json = false;
  };
  auto use = std::make_shared<Use>();
  auto& o = use->options;
  auto* verb = world.add_subcommand("import", "Make a world of your own polygons, population, tables or time zones; the rest is the embedded world's");
  verb->add_option("--polygons", o.polygons, "Country polygons: .shp, .zip, .geojson, .gpkg, .topojson, .parquet");
  verb->add_option("--population", o.population, "People per cell: GeoTIFF, WGS84, north up");
  verb->add_option("--iso", o.country_info, "ISO table laid out as GeoNames' countryInfo.txt");
  verb->add_option("--time-zones", o.time_zones, "Time zone polygons with a column tzid, in the same formats");
  verb->add_option("--regions", o.regions, "Regions of countries: CSV with codes and regions, or countryInfo.txt");
  verb->add_option("--licences", o.licences, "license_map.yaml, its texts beside it");
  verb->add_option("--layer", o.layer, "Layer of the polygons, where the file has several");
  verb->add_option("--iso-field", o.iso_field, "Column with the country code; default: found by name");
  verb->add_flag("--skip-unusable", o.skip_unusable, "Leave out features without a code of the ISO table or a geometry");
  verb->add_option("--territories", o.build.territories, "YAML: country codes of features that have none, by name");
  verb->add_option("--out", o.build.out, "Folder to make")->required();
  verb->add_option("--cells-per-degree", o.build.cells_per_degree, "Of the modelled population; 120 is 30 arc seconds")->capture_default_str()->check(CLI::Range(1, 120));
  verb->add_option("--threads", o.build.threads, "Threads; 0: all. Changes no byte")->capture_default_str();
  verb->add_flag("--quiet", o.build.quiet, "Only errors on stderr");
  add_json(*verb, use->json);
  verb->callback([use, &action] { action = [use] { return show(world_import(use->options), use->json); }; });
}

void add_look(CLI::App& world, Action& action, const char* name, const char* what, WorldResult (*look)(const std::string&)) {
  struct Use {
    std::string folder;
    bool json = false;
  };
  auto use = std::make_shared<Use>();
  auto* verb = world.add_subcommand(name, what);
  verb->add_option("DIR", use->folder, "World folder")->required();
  add_json(*verb, use->json);
  verb->callback([use, look, &action] { action = [use, look] { return show(look(use->folder), use->json); }; });
}

}  // namespace

void add_world(CLI::App& app, Action& action) {
  auto* world = app.add_subcommand("world", "Reference data: build, import, check, show");
  world->require_subcommand(1);
  add_build(*world, action);
  add_import(*world, action);
  add_look(*world, action, "check", "Re-hash and re-check a world",
           [](const std::string& folder) { return world_check(folder, 0); });
  add_look(*world, action, "show", "Say what is in a world", [](const std::string& folder) { return world_show(folder); });
}

}  // namespace placewright::cli
