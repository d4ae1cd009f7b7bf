#include "states/s8_egress/egress.hpp"

#include <array>

#include "datasets/schemas.hpp"
#include "states/anchors.hpp"
#include "states/s8_egress/row_law.hpp"
#include "states/same_rows.hpp"
#include "store/publish.hpp"

namespace placewright::states::s8_egress {
namespace {

constexpr auto kContract = "E808_DICT_SCHEMA_MISMATCH";
constexpr std::array<std::string_view, 3> kDatasets = {"s7_site_synthesis", "site_locations", "s8_run_summary"};
constexpr std::array<std::string_view, 2> kPacks = {"schemas.1B.yaml#", "schemas.layer1.yaml#"};

const Json& member(const Json& object, const char* name) {
  static const Json kNone;
  return object.is_object() && object.contains(name) ? object[name] : kNone;
}

std::vector<std::string> texts(const Json& list) {
  std::vector<std::string> out;
  for (const auto& item : list) out.push_back(item.is_string() ? item.get<std::string>() : compact(item));
  return out;
}

// Dictionary and schema name the same keys in the same order.
Result<void> check_alignment(const contracts::Dictionary& dictionary, std::string_view dataset) {
  const Json& entry = *dictionary.find(dataset);
  const Json& schema = *dictionary.schema(member(entry, "schema_ref").get<std::string>());
  const auto compare = [&](const char* ours, const char* theirs, const char* detail) -> Result<void> {
    if (member(entry, ours) == member(schema, theirs) && !member(entry, ours).is_null()) return {};
    return Error(kContract,
                 std::string(dataset) + ": " + ours + " of the dictionary is not " + theirs + " of the schema")
        .with("detail", detail)
        .with("dataset_id", dataset)
        .with(std::string("dict_") + ours, texts(member(entry, ours)))
        .with(std::string("schema_") + theirs, texts(member(schema, theirs)));
  };
  PW_CHECK(compare("partitioning", "partition_keys", "partitioning_mismatch"));
  return compare("ordering", "sort_keys", "ordering_mismatch");
}

Result<void> check_contracts(const store::RunFolder& run) {
  const auto& dictionary = run.dictionary();
  if (auto fault = anchor_fault(dictionary, kDatasets, kPacks, kContract)) return *std::move(fault);
  PW_CHECK(check_alignment(dictionary, "site_locations"));
  PW_CHECK(check_alignment(dictionary, "s7_site_synthesis"));
  const Json& final_in_layer = member(member(*dictionary.find("site_locations"), "lineage"), "final_in_layer");
  if (final_in_layer != Json(true)) {
    return Error("E811_FINAL_FLAG_MISMATCH", "site_locations is not marked lineage.final_in_layer in the dictionary")
        .with("detail", "site_locations is not final in its layer");
  }
  PW_TRY(const auto path, run.relative("site_locations"));
  if (path.find("parameter_hash=") != std::string::npos) {
    return Error("E809_PARTITION_SHIFT_VIOLATION", "the path of site_locations holds the parameter hash: " + path)
        .with("detail", "parameter_hash_in_egress_path")
        .with("path", path);
  }
  return {};
}

struct Counts {
  std::uint64_t rows = 0;
  std::map<std::string, std::uint64_t> by_country;
};

struct Block {
  bool good = false;
  table::Batch rows;
};

Result<Counts> copy_rows(Context& context, const table::Dataset& s7, table::PartsWriter& writer) {
  report::Progress progress(context.log, "S8 egress progress sites_processed (site_locations rows)", s7.rows());
  Counts counts;
  std::optional<StoredKey> previous;
  const auto produce = [&](std::size_t group) -> Result<Block> {
    PW_TRY(auto rows, s7.read(group, datasets::kSiteLocations));
    const bool good = lawful(rows);
    return Block{good, std::move(rows)};
  };
  const auto consume = [&](std::size_t, Block&& block) -> Result<void> {
    const auto rows = block.rows.rows;
    if (rows == 0) return {};
    if (!block.good || (previous && !(*previous < stored_key(block.rows, 0)))) return first_fault(block.rows, previous);
    previous = stored_key(block.rows, rows - 1);
    count_countries(block.rows, counts.by_country);
    counts.rows += rows;
    progress.advance(rows);
    return writer.write(std::move(block.rows));
  };
  PW_CHECK(work::ordered<Block>(context.pool, s7.groups(), produce, consume));
  return counts;
}

Json summary(const RunIdentity& id, const Counts& counts, double wall_seconds, double cpu_seconds) {
  Json json = {{"seed", id.seed},
               {"manifest_fingerprint", id.manifest_fingerprint},
               {"parameter_hash_consumed", id.parameter_hash}};
  json["identity"] = json;
  json["sizes"] = {{"rows_s7", counts.rows}, {"rows_s8", counts.rows}, {"parity_ok", true}};
  json["validation_counters"] = {{"schema_fail_count", 0},
                                 {"path_embed_mismatches", 0},
                                 {"writer_sort_violations", 0},
                                 {"order_leak_indicators", 0}};
  json["by_country"] = Json::object();
  for (const auto& [iso, rows] : counts.by_country) {
    json["by_country"][iso] = {{"rows_s7", rows}, {"rows_s8", rows}, {"parity_ok", true}};
  }
  json["pat"] = {{"wall_seconds", wall_seconds},
                 {"cpu_seconds", cpu_seconds},
                 {"rss_bytes", report::peak_rss_bytes()},
                 {"open_files_peak", report::open_files()}};
  return json;
}

}  // namespace

Result<Summary> run(Context& context) {
  const auto& store_run = context.run;
  PW_CHECK(check_contracts(store_run));
  PW_TRY(const auto path, store_run.target("s7_site_synthesis"));
  PW_TRY(const auto s7, table::Dataset::open(path));
  context.log.step("S8: egress inputs resolved (S7 site synthesis -> site_locations)");
  context.log.info("S8: egress is order-free and fingerprint-scoped (no inter-country ordering)");
  context.log.info("S8: S7 rows=" + std::to_string(s7.rows()) + " (each row becomes one site_locations row)");
  const double wall = report::wall_seconds(), cpu = report::cpu_seconds();
  PW_TRY(const auto staging, store::Staging::create(store_run, "s8_site_locations"));
  table::PartsWriter writer(staging.path(), datasets::kSiteLocations, datasets::kSitesPerPart, context.pool);
  PW_TRY(const auto counts, copy_rows(context, s7, writer));
  PW_TRY(const auto parts, writer.close());
  for (const auto& part : parts)
    context.log.record("INFO", "S8: wrote " + std::to_string(part.rows) + " rows to " + part.name);
  auto published = store::publish_folder(store_run, staging.path(), "site_locations", "E810_PUBLISH_POSTURE",
                                         same_rows(datasets::kSiteLocations));
  if (!published) return std::move(published).error().with("detail", "site_locations: different content");
  context.log.step((published->existed ? "S8: site_locations was published before, identical rows="
                                       : "S8: published site_locations rows=") +
                   std::to_string(counts.rows) + " (order-free egress)");
  const auto report = summary(store_run.identity(), counts, report::wall_seconds() - wall, report::cpu_seconds() - cpu);
  PW_CHECK(store::publish_report(store_run, "s8_run_summary", report));
  context.log.step("S8: run summary written (parity + validation counters)");
  return Summary{counts.rows, published->bytes};
}

}  // namespace placewright::states::s8_egress
