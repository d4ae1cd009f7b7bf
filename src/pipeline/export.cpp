#include "placewright/export.hpp"

#include <filesystem>

#include "datasets/events.hpp"
#include "hash/sha256.hpp"
#include "pipeline/session.hpp"
#include "pipeline/status.hpp"
#include "store/receipt.hpp"
#include "verify/verify.hpp"
#include "views/mask.hpp"
#include "views/rows.hpp"
#include "views/sites.hpp"

namespace placewright {
namespace {

namespace fs = std::filesystem;

Result<void> export_sites(const ExportOptions& options, const store::RunFolder& run, work::Pool& pool, ExportResult& result) {
  const auto format = views::parse_site_format(options.format.empty() ? "csv" : options.format);
  if (!format) return Error("PW_USAGE", "sites are exported as csv, geoparquet or geojson, not " + options.format);
  PW_TRY(result.rows, views::export_sites(run, *format, options.out, pool));
  result.files = {options.out};
  return {};
}

Result<void> export_events(const ExportOptions& options, const store::RunFolder& run, work::Pool& pool, ExportResult& result) {
  if (!options.format.empty() && options.format != "jsonl") return Error("PW_USAGE", "events are exported as jsonl, not " + options.format);
  PW_TRY(const auto logs, datasets::export_events_jsonl(run, options.out, pool));
  result.rows = logs.events;
  for (const auto& file : logs.files) result.files.push_back(file.string());
  return {};
}

Result<void> export_rows(const ExportOptions& options, const store::RunFolder& run, work::Pool& pool, ExportResult& result) {
  if (!options.format.empty() && options.format != "parquet") {
    return Error("PW_USAGE", options.what + " are exported as parquet, not " + options.format);
  }
  const auto write = options.what == "tiles" ? views::export_tiles : views::export_weights;
  PW_TRY(result.rows, write(run, options.out, pool));
  PW_TRY(const auto names, hash::files_below(options.out));
  for (const auto& name : names) result.files.push_back((fs::path(options.out) / name).string());
  return {};
}

Result<void> export_mask(const ExportOptions& options, const store::RunFolder& run, work::Pool& pool, ExportResult& result) {
  if (!options.format.empty() && options.format != "geotiff") return Error("PW_USAGE", "the mask is exported as geotiff, not " + options.format);
  PW_TRY(result.rows, views::export_mask(run, options.out, pool));
  result.files = {options.out};
  return {};
}

// No PASS, no read: the gate every consumer keeps.
Result<void> check_gate(const ExportOptions& options, const contracts::Dictionary& dictionary, work::Pool& pool, report::Log& log) {
  verify::Options how;
  how.external_roots.assign(options.external_roots.begin(), options.external_roots.end());
  how.integrity_only = true;
  PW_TRY(const auto report, verify::verify_run(options.run_folder, dictionary, how, pool, log));
  if (report.findings.empty()) return {};
  const auto& first = report.findings.front();
  return Error(first.code, first.where + ": " + first.what);
}

Result<void> export_into(const ExportOptions& options, ExportResult& result) {
  report::Log log(options.quiet ? report::Verbosity::quiet : report::Verbosity::normal);
  work::Pool pool(options.threads);
  PW_TRY(const auto dictionary, pipeline::load_contracts("", ""));
  PW_CHECK(check_gate(options, dictionary, pool, log));
  PW_TRY(const auto receipt, store::read_receipt(options.run_folder));
  const store::RunFolder run(receipt.run_root, receipt.identity, pipeline::external_roots(receipt.fields, options.external_roots), dictionary);
  if (options.what == "sites") PW_CHECK(export_sites(options, run, pool, result));
  else if (options.what == "events") PW_CHECK(export_events(options, run, pool, result));
  else if (options.what == "tiles" || options.what == "weights") PW_CHECK(export_rows(options, run, pool, result));
  else if (options.what == "mask") PW_CHECK(export_mask(options, run, pool, result));
  else return Error("PW_USAGE", "what to export is sites, tiles, weights, events or mask, not " + options.what);
  for (const auto& file : result.files) result.bytes += fs::file_size(file);
  return {};
}

}  // namespace

ExportResult export_run(const ExportOptions& options) {
  ExportResult result;
  result.status = pipeline::guarded([&] { return export_into(options, result); });
  return result;
}

}  // namespace placewright
