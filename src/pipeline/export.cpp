#include "placewright/export.hpp"

#include <algorithm>
#include <filesystem>

#include "catalogue/identity.hpp"
#include "catalogue/pack.hpp"
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

// A pack as given; of a file, the pack that `run --catalogue FILE` made beside the run folder.
Result<catalogue::Pack> pack_of(const ExportOptions& options) {
  fs::path folder = options.catalogue;
  std::error_code ignored;
  if (fs::is_regular_file(folder, ignored)) {
    PW_TRY(const auto digest, hash::sha256_file(folder));
    folder = fs::absolute(options.run_folder).lexically_normal() / ".." / "packs" / digest.sha256_hex.substr(0, 16);
  }
  if (!catalogue::is_pack(folder)) {
    return Error("PW_INPUT", options.catalogue + " is no catalogue pack; give the folder that `catalogue import` made");
  }
  return catalogue::open_pack(folder);
}

// Every file of the pack must be among those that the run's fingerprint covers: the bundle lists them, and the gate
// has hashed the bundle.
Result<void> check_made_from(const catalogue::Pack& pack, const store::RunFolder& run) {
  PW_TRY(const auto bundle, run.locate("validation_bundle_1A"));
  PW_TRY(const auto resolved, store::read_json(bundle / "manifest_fingerprint_resolved.json"));
  const auto listed = resolved.value("files", Json::array());
  for (const auto& file : catalogue::pack_artefacts(pack)) {
    const bool covered = std::ranges::any_of(listed, [&](const Json& entry) {
      return entry.value("path", "") == file.name && entry.value("sha256", "") == file.sha256_hex;
    });
    if (!covered) {
      return Error("IMP_OTHER_CATALOGUE", run.root().string() + " was not made from the catalogue " + pack.folder.string() + ": " +
                                              file.name + " is not what the run's fingerprint covers");
    }
  }
  return {};
}

// Path of the keys to join; empty when none are asked for.
Result<fs::path> outlet_keys(const ExportOptions& options, const store::RunFolder& run) {
  if (options.catalogue.empty()) return fs::path();
  PW_TRY(const auto pack, pack_of(options));
  PW_CHECK(check_made_from(pack, run));
  if (!pack.has_outlet_keys) {
    return Error("IMP_NO_OUTLET_KEYS", "the catalogue " + pack.folder.string() + " was imported without a column outlet_key");
  }
  return pack.folder / "outlet_keys.parquet";
}

Result<void> export_sites(const ExportOptions& options, const store::RunFolder& run, work::Pool& pool, ExportResult& result) {
  const auto format = views::parse_site_format(options.format.empty() ? "csv" : options.format);
  if (!format) return Error("PW_USAGE", "sites are exported as csv, geoparquet or geojson, not " + options.format);
  PW_TRY(const auto keys, outlet_keys(options, run));
  PW_TRY(result.rows, views::export_sites(run, *format, options.out, keys, pool));
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
  if (!options.catalogue.empty() && options.what != "sites") {
    return Error("PW_USAGE", "--catalogue joins outlet keys to sites, not to " + options.what);
  }
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
