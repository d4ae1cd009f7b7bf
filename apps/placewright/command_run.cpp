#include <cstdio>

#include "base/text.hpp"
#include "command.hpp"
#include "placewright/run.hpp"

namespace placewright::cli {
namespace {

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", seconds);
  return text;
}

void print_states(const RunResult& result) {
  double total = 0;
  for (const auto& state : result.states) total += state.seconds;
  std::printf("%-5s %9s %6s %14s %12s %12s\n", "state", "seconds", "share", "rows", "bytes", "peak memory");
  for (const auto& state : result.states) {
    std::printf("%-5s %9s %5.1f%% %14s %12s %12s%s\n", state.state.c_str(), seconds_text(state.seconds).c_str(),
                total > 0 ? 100 * state.seconds / total : 0, grouped(state.rows).c_str(), bytes_text(state.bytes).c_str(),
                bytes_text(state.peak_rss_bytes).c_str(), state.reused ? "  (reused)" : "");
  }
  std::printf("%-5s %9s\n", "all", seconds_text(total).c_str());
}

Json as_json(const RunResult& result) {
  Json states = Json::array();
  for (const auto& state : result.states) {
    states.push_back({{"state", state.state}, {"seconds", state.seconds}, {"rows", state.rows}, {"bytes", state.bytes},
                      {"peak_rss_bytes", state.peak_rss_bytes}, {"reused", state.reused}});
  }
  return {{"run", result.run_folder}, {"outlets", result.outlets}, {"outlets_dropped", result.outlets_dropped},
          {"sites", result.sites},    {"flag", result.flag},       {"states", states},
          {"notes", result.notes},    {"exit_code", result.status.exit_code}, {"code", result.status.code}};
}

void print_people(const RunResult& result, bool dry_run) {
  for (const auto& note : result.notes) print(note);
  if (!dry_run && !result.states.empty()) print_states(result);
  if (result.outlets > 0) {
    print("outlets: " + std::to_string(result.outlets) + " (dropped by the denylist: " + std::to_string(result.outlets_dropped) + ")");
  }
  if (result.sites > 0) print("sites: " + std::to_string(result.sites));
  if (!result.flag.empty()) print("flag: " + result.flag);
  if (!result.run_folder.empty()) print("run: " + result.run_folder);
}

}  // namespace

void add_run(CLI::App& app, Action& action) {
  struct Use {
    RunOptions options;
    std::string memory;
    bool json = false;
  };
  auto use = std::make_shared<Use>();
  auto& o = use->options;
  auto* verb = app.add_subcommand("run", "Run states S0 to S9: a new run of --catalogue, or an existing one of --runs-root");
  verb->add_option("--catalogue", o.catalogue, "Catalogue file (CSV, Parquet) or catalogue pack");
  verb->add_option("--world", o.world, "Reference data; default: the embedded world, built once into the cache");
  verb->add_option("--profile", o.profile, "Named set of policies")->capture_default_str();
  verb->add_option("--policies", o.policies, "Folder with policies of your own");
  verb->add_option("--seed", o.seed, "Seed of every draw")->capture_default_str();
  verb->add_option("--out", o.out, "Runs root of new runs")->capture_default_str();
  verb->add_option("--cache", o.cache, "Where the embedded world is kept");
  verb->add_option("--runs-root", o.runs_root, "Runs root of an existing run");
  verb->add_option("--run-id", o.run_id, "Existing run; default: the latest receipt");
  verb->add_option("--contracts-root", o.contracts_root, "Foreign contract files; default: built in");
  verb->add_option("--contracts-layout", o.contracts_layout, "model_spec or contracts")->capture_default_str();
  verb->add_option("--external-root", o.external_roots, "Folder searched for reference data and policies (repeatable)")
      ->take_all()->allow_extra_args(false);
  verb->add_option("--publish", o.publish, "rows or spans");
  verb->add_option("--events", o.events, "jsonl or parquet");
  verb->add_option("--predicate", o.predicate, "center, any_overlap, or center_or_overlap: countries without a centre get the tiles they touch")->capture_default_str();
  verb->add_option("--from", o.from, "First state")->capture_default_str();
  verb->add_option("--until", o.until, "Last state")->capture_default_str();
  verb->add_option("--threads", o.threads, "Threads; 0: all. Changes no byte")->capture_default_str();
  verb->add_option("--memory", use->memory, "Refuse to start what needs more, e.g. 4GiB");
  verb->add_flag("--dry-run", o.dry_run, "Say what would be done and how large it would be");
  verb->add_flag("--quiet", o.quiet, "Only errors on stderr");
  add_json(*verb, use->json);
  verb->callback([use, &action] {
    action = [use] {
      if (!use->memory.empty()) {
        if (const auto fault = parse_size(use->memory, use->options.memory_bytes); !fault.empty()) {
          return fail({2, "PW_USAGE", "--memory takes " + fault + ", not " + use->memory});
        }
      }
      const auto result = run(use->options);
      if (use->json) print_json(as_json(result));
      else print_people(result, use->options.dry_run);
      return result.status ? 0 : fail(result.status);
    };
  });
}

}  // namespace placewright::cli
