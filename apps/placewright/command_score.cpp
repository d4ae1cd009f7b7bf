#include "command.hpp"
#include "placewright/score.hpp"

namespace placewright::cli {
namespace {

int show(const ScoreResult& result, bool json) {
  if (json && !result.json.empty()) print(result.json);
  if (!json && !result.text.empty()) print(result.text);
  if (!json) {
    for (const auto& file : result.files) print("written: " + file);
  }
  return result.status ? 0 : fail(result.status);
}

void add_likeness(CLI::App& score, Action& action) {
  struct Use {
    LikenessOptions options;
    bool json = false;
  };
  auto use = std::make_shared<Use>();
  auto& o = use->options;
  auto* verb = score.add_subcommand("likeness", "How near a placement is to where a real chain stands");
  verb->add_option("RUN", o.run_folder, "Run folder");
  verb->add_option("--sites", o.sites, "Placed sites as CSV (also .gz, .zst) or Parquet, instead of a run");
  verb->add_option("--real", o.real, "The chain's own sites: country_iso, lon_deg, lat_deg")->required();
  verb->add_option("--merchant", o.merchant, "This merchant's sites only");
  verb->add_option("--country", o.country, "This country only");
  verb->add_option("--min-sites", o.min_sites, "Real sites a country must have to count")->capture_default_str();
  verb->add_option("--round", o.round, "Decimals both are rounded to first")->check(CLI::Range(0, 12));
  verb->add_option("--map", o.map, "Write both side by side to this SVG file");
  verb->add_option("--threads", o.threads, "Threads; 0: all. Changes no figure")->capture_default_str();
  add_json(*verb, use->json);
  verb->callback([use, &action] { action = [use] { return show(score_likeness(use->options), use->json); }; });
}

}  // namespace

void add_score(CLI::App& app, Action& action) {
  auto* score = app.add_subcommand("score", "Grade a placement");
  score->require_subcommand(1);
  add_likeness(*score, action);
}

}  // namespace placewright::cli
