#include "base/text.hpp"
#include "command.hpp"
#include "placewright/export.hpp"

namespace placewright::cli {

void add_export(CLI::App& app, Action& action) {
  struct Use {
    ExportOptions options;
    bool json = false;
  };
  auto use = std::make_shared<Use>();
  auto& o = use->options;
  auto* verb = app.add_subcommand("export", "Write what a run published in another format");
  verb->add_option("RUN", o.run_folder, "Run folder")->required();
  verb->add_option("WHAT", o.what, "sites, tiles, weights, events or mask (cells of all countries)")->capture_default_str();
  verb->add_option("--format", o.format, "sites: csv (default), geoparquet, geojson; tiles, weights: parquet; events: jsonl; mask: geotiff");
  verb->add_option("--out", o.out, "File for sites and mask, folder for the others")->required();
  verb->add_option("--external-root", o.external_roots, "Default: those of the receipt")->take_all()->allow_extra_args(false);
  verb->add_option("--threads", o.threads, "Threads; 0: all. Changes no byte")->capture_default_str();
  verb->add_flag("--quiet", o.quiet, "Only errors on stderr");
  add_json(*verb, use->json);
  verb->callback([use, &action] {
    action = [use] {
      const auto result = export_run(use->options);
      if (use->json) print_json({{"rows", result.rows}, {"bytes", result.bytes}, {"files", result.files},
                                 {"exit_code", result.status.exit_code}, {"code", result.status.code}});
      if (!result.status) return fail(result.status);
      if (!use->json) {
        for (const auto& file : result.files) print(file);
        print("rows: " + std::to_string(result.rows) + ", size: " + bytes_text(result.bytes));
      }
      return 0;
    };
  });
}

}  // namespace placewright::cli
