#include "states/s1_tiles/report.hpp"

#include "base/text.hpp"

namespace placewright::states::s1_tiles {

Totals totals_of(const std::vector<geo::Coverage>& coverages) {
  Totals totals;
  for (const auto& coverage : coverages) {
    totals.included += coverage.tiles.size();
    totals.visited += coverage.cells_visited;
    if (coverage.tiles.empty()) ++totals.without_tiles;
  }
  return totals;
}

namespace {

// Countries without a centre that the predicate gave the tiles they touch.
std::vector<std::string> by_overlap(const Inputs& inputs, const std::vector<geo::Coverage>& coverages) {
  std::vector<std::string> codes;
  for (std::size_t i = 0; i < coverages.size(); ++i) {
    const bool touched = coverages[i].rule == geo::Predicate::any_overlap && !coverages[i].tiles.empty();
    if (touched) codes.push_back(inputs.countries[i].iso.text());
  }
  return codes;
}

}  // namespace

void log_audit(report::Log& log, const std::vector<Iso>& countries, const std::vector<geo::Coverage>& coverages) {
  std::vector<std::string> empty;
  for (std::size_t i = 0; i < countries.size(); ++i) {
    const auto& coverage = coverages[i];
    const auto& tiles = coverage.tiles;
    Json line = {{"country_iso", countries[i].text()},
                 {"cells_visited", coverage.cells_visited},
                 {"cells_included", tiles.size()},
                 {"cells_excluded_outside", coverage.cells_excluded_outside},
                 {"cells_excluded_hole", coverage.cells_excluded_hole},
                 {"tile_id_min", nullptr},
                 {"tile_id_max", nullptr}};
    if (tiles.empty()) {
      empty.push_back(countries[i].text());
    } else {
      line["tile_id_min"] = tiles.id_at(0);
      line["tile_id_max"] = tiles.id_at(tiles.size() - 1);
    }
    log.record("INFO", "AUDIT_S1_COUNTRY: " + spaced(line));
  }
  if (!empty.empty())
    log.record("INFO", "S1: " + std::to_string(empty.size()) + " countries have no tile: " + join(empty, " "));
}

Result<Json> run_report(const Context& context, const Inputs& inputs, const std::vector<geo::Coverage>& coverages,
                        std::string_view dataset, const store::Published& published, const Measured& measured) {
  PW_TRY(const auto partition, context.run.relative(dataset));
  const auto totals = totals_of(coverages);
  const double seconds = inputs.vector_seconds;
  // Values of the raster are not needed, so none is read and no reading speed is measured.
  const Json pat = {
      {"wall_clock_seconds_total", measured.wall_seconds},
      {"cpu_seconds_total", measured.cpu_seconds},
      {"countries_processed", inputs.countries.size()},
      {"cells_scanned_total", totals.visited},
      {"cells_included_total", totals.included},
      {"bytes_read_raster_total", 0},
      {"bytes_read_vectors_total", inputs.vector_bytes},
      {"max_worker_rss_bytes", report::peak_rss_bytes()},
      {"open_files_peak", report::open_files()},
      {"workers_used", context.pool.threads()},
      {"chunk_size", 0},
      {"io_baseline_raster_bps", 0.0},
      {"io_baseline_vectors_bps", seconds > 0 ? static_cast<double>(inputs.vector_bytes) / seconds : 0.0}};
  Json report = {{"parameter_hash", context.run.identity().parameter_hash},
                 {"predicate", geo::name_of(context.predicate)},
                 {"ingress_versions", inputs.versions},
                 {"grid_dims", {{"nrows", inputs.grid.rows}, {"ncols", inputs.grid.columns}}},
                 {"countries_total", inputs.countries.size()},
                 {"rows_emitted", totals.included},
                 {"determinism_receipt", {{"partition_path", partition}, {"sha256_hex", published.sha256_hex}}},
                 {"pat", pat}};
  if (context.predicate == geo::Predicate::center_or_overlap)
    report["any_overlap_countries"] = by_overlap(inputs, coverages);
  return report;
}

}  // namespace placewright::states::s1_tiles
