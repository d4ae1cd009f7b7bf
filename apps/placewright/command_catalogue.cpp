#include "base/text.hpp"
#include "command.hpp"
#include "placewright/catalogue.hpp"

namespace placewright::cli {
namespace {

Json as_json(const CatalogueResult& result) {
  Json rejects = Json::array();
  for (const auto& reject : result.rejects) {
    rejects.push_back({{"line", reject.line}, {"column", reject.column}, {"value", reject.value}, {"code", reject.code}});
  }
  Json concerns = Json::array();
  for (const auto& c : result.concerns) concerns.push_back({{"country", c.country}, {"outlets", c.outlets}, {"concern", c.concern}});
  return {{"homes_given", result.homes_given}, {"homes_without_outlets", result.homes_without_outlets},
          {"concerns", concerns},        {"to_place", result.to_place},
          {"pack", result.pack},         {"rows", result.rows},           {"merchants", result.merchants},
          {"pairs", result.pairs},       {"outlets", result.outlets},     {"countries", result.countries},
          {"rejects", rejects},          {"rejects_total", result.rejects_total}, {"rejects_file", result.rejects_file},
          {"attainability", result.attainability_json.empty() ? Json::array() : Json::parse(result.attainability_json)},
          {"exit_code", result.status.exit_code}, {"code", result.status.code}};
}

// What only a check knows: homes, and what a run would leave out.
void show_foresight(const CatalogueResult& result) {
  if (result.attainability.empty()) return;
  print("homes: " + std::to_string(result.homes_given) + " given, " + std::to_string(result.merchants - result.homes_given) +
        " by most outlets; without an outlet at home: " + std::to_string(result.homes_without_outlets));
  for (const auto& c : result.concerns) print(c.country + ": " + std::to_string(c.outlets) + " outlets, " + c.concern);
  print("to place: " + std::to_string(result.to_place));
}

int show(const CatalogueResult& result, bool json) {
  if (json) {
    print_json(as_json(result));
    return result.status ? 0 : fail(result.status);
  }
  for (const auto& reject : result.rejects) {
    print("line " + std::to_string(reject.line) + ": " + reject.column + " = \"" + reject.value + "\": " + reject.code);
  }
  if (result.rejects_total > result.rejects.size()) {
    print("and " + std::to_string(result.rejects_total - result.rejects.size()) + " more bad lines in " + result.rejects_file);
  }
  if (!result.status) return fail(result.status);
  print("merchants: " + std::to_string(result.merchants) + ", pairs: " + std::to_string(result.pairs) +
        ", countries: " + std::to_string(result.countries));
  print("outlets: " + std::to_string(result.outlets));
  show_foresight(result);
  for (const auto& line : result.attainability) print(line);
  if (!result.pack.empty()) print("catalogue: " + result.pack);
  return 0;
}

void add_import(CLI::App& catalogue, Action& action, bool check_only) {
  struct Use {
    CatalogueImportOptions options;
    bool json = false;
  };
  auto use = std::make_shared<Use>();
  auto& o = use->options;
  o.check_only = check_only;
  auto* verb = check_only ? catalogue.add_subcommand("check", "Say what an import would do, without writing")
                          : catalogue.add_subcommand("import", "Make a catalogue pack of a CSV or Parquet file");
  verb->add_option("FILE", o.file, "CSV (also .gz, .zst) or Parquet")->required();
  if (!check_only) verb->add_option("--out", o.out, "Pack folder to make")->required();
  verb->add_option("--world", o.world, "World whose ISO table and tiles count; default: the embedded ISO table");
  if (check_only) verb->add_option("--profile", o.profile, "Whose denylist counts")->capture_default_str();
  if (check_only) verb->add_option("--policies", o.policies, "Folder with policies of your own, in place of the profile");
  verb->add_option("--max-rejects", o.max_rejects, "Bad lines to drop instead of refusing the file")->capture_default_str();
  verb->add_option("--threads", o.threads, "Threads; 0: all. Changes no byte")->capture_default_str();
  verb->add_flag("--quiet", o.quiet, "Only errors on stderr");
  add_json(*verb, use->json);
  verb->callback([use, &action] { action = [use] { return show(catalogue_import(use->options), use->json); }; });
}

void add_synth(CLI::App& catalogue, Action& action) {
  struct Use {
    CatalogueSynthOptions options;
    bool json = false;
  };
  auto use = std::make_shared<Use>();
  auto& o = use->options;
  auto* verb = catalogue.add_subcommand("synth", "Generate a catalogue");
  verb->add_option("--profile", o.profile, "reference, balanced or lifelike")->capture_default_str();
  verb->add_option("--outlets", o.outlets, "Outlets wanted, about; 0: the profile's own size")->capture_default_str();
  verb->add_option("--seed", o.seed, "Seed of every draw")->capture_default_str();
  verb->add_option("--out", o.out, "Pack folder, or a .csv file")->required();
  verb->add_flag("--quiet", o.quiet, "Only errors on stderr");
  add_json(*verb, use->json);
  verb->callback([use, &action] { action = [use] { return show(catalogue_synth(use->options), use->json); }; });
}

}  // namespace

void add_catalogue(CLI::App& app, Action& action) {
  auto* catalogue = app.add_subcommand("catalogue", "Outlets: import, check, synth");
  catalogue->require_subcommand(1);
  add_import(*catalogue, action, false);
  add_import(*catalogue, action, true);
  add_synth(*catalogue, action);
}

}  // namespace placewright::cli
