#include "states/s3_requirements/requirements.hpp"

#include <algorithm>

#include "contracts/policy_s3.hpp"
#include "datasets/gate.hpp"
#include "datasets/policies.hpp"
#include "datasets/regions.hpp"
#include "datasets/schemas.hpp"
#include "datasets/weights.hpp"
#include "mass/blocks.hpp"
#include "states/s3_requirements/demand.hpp"
#include "states/same_rows.hpp"
#include "store/publish.hpp"

namespace placewright::states::s3_requirements {
namespace {

namespace fs = std::filesystem;
using table::Kind;

constexpr std::size_t kRowsPerPart = 1'000'000;
constexpr std::size_t kRowsPerBatch = 200'000;
const table::Schema kDropped = {{"merchant_id", Kind::u64, table::Encoding::delta},
                                {"legal_country_iso", Kind::text},
                                {"n_sites", Kind::i64},
                                {"reason", Kind::text}};
constexpr auto kReason = "denylist_country_iso";

struct Policy {
  contracts::PolicyS3 numbers;
  std::string path;
};

Result<Policy> read_policy(Context& context) {
  PW_TRY(const auto file, datasets::read_policy_file(context.run, "s3_requirements_policy"));
  PW_TRY(auto policy, contracts::read_policy_s3(file.fields, file.path.string()));
  return Policy{std::move(policy), context.run.shown(file.path)};
}

Result<fs::path> outlet_folder(const store::RunFolder& run) {
  PW_TRY(const auto path, run.target("outlet_catalogue"));
  std::error_code error;
  if (fs::exists(path, error)) return path;
  return Error("E311_DISALLOWED_READ", "no outlet catalogue at " + path.string())
      .with("detail", "outlet_catalogue_missing")
      .with("path", path.string());
}

Result<void> check_denylist(const contracts::PolicyS3& policy, const std::vector<Iso>& known) {
  std::vector<std::string> unknown;
  for (const auto iso : policy.enabled ? policy.denylist : std::vector<Iso>()) {
    if (!std::ranges::binary_search(known, iso)) unknown.push_back(iso.text());
  }
  if (unknown.empty()) return {};
  return Error("E315_POLICY_ISO_UNKNOWN", "the denylist names countries that the ISO table lacks")
      .with("detail", "denylist_iso_not_in_iso3166")
      .with("policy_unknown_iso", unknown);
}

Result<Countries> read_countries(const store::RunFolder& run, const contracts::PolicyS3& policy,
                                 std::uint64_t& weight_bytes) {
  Countries out;
  PW_TRY(out.known, datasets::read_iso_codes(run));
  PW_CHECK(check_denylist(policy, out.known));
  if (policy.enabled) out.denied = policy.denylist;
  if (mass::MassSource::published(run)) {
    PW_TRY(const auto masses, mass::MassSource::open(run));
    out.weighted = masses.countries();
    for (const auto iso : out.weighted) weight_bytes += masses.file_bytes(iso);
    return out;
  }
  PW_TRY(const auto weights, datasets::WeightSource::open(run));
  out.weighted = weights.countries();
  for (const auto iso : out.weighted) weight_bytes += weights.file_bytes(iso);
  if (out.weighted.empty()) {
    return Error("E303_TILE_WEIGHT_COVERAGE", "no country has tile weights in " + weights.root().string())
        .with("detail", "tile_weights_empty")
        .with("path", weights.root().string());
  }
  return out;
}

table::Batch batch_of(const std::vector<Wanted>& pairs, bool with_reason) {
  std::vector<MerchantId> merchants;
  std::vector<Iso> countries;
  std::vector<std::int64_t> sites;
  for (const auto& pair : pairs) {
    merchants.push_back(pair.merchant);
    countries.push_back(pair.country);
    sites.push_back(pair.sites);
  }
  table::Batch batch;
  batch.rows = pairs.size();
  batch.columns = {std::move(merchants), table::iso_column(countries), std::move(sites)};
  if (with_reason) batch.columns.emplace_back(table::TextColumn::repeated(kReason, pairs.size()));
  return batch;
}

// Pairs to part files, a batch at a time.
class PairWriter {
 public:
  PairWriter(const fs::path& folder, const table::Schema& schema, work::Pool& pool)
      : parts_(folder, schema, kRowsPerPart, pool), with_reason_(schema.size() > 3) {}

  Result<void> take(std::vector<Wanted>& pairs, std::size_t from_rows = kRowsPerBatch) {
    if (pairs.empty() || pairs.size() < from_rows) return {};
    PW_CHECK(parts_.write(batch_of(pairs, with_reason_)));
    pairs.clear();
    return {};
  }
  Result<void> close(std::vector<Wanted>& pairs) {
    PW_CHECK(take(pairs, 0));
    auto closed = parts_.close();
    if (!closed) return std::move(closed).error();
    return {};
  }

 private:
  table::PartsWriter parts_;
  bool with_reason_;
};

Result<void> stream(Context& context, const table::Dataset& outlets, Demand& demand, PairWriter& wanted,
                    PairWriter& dropped) {
  report::Progress progress(context.log, "S3 outlet_catalogue rows", outlets.rows());
  const auto condense = [&](std::size_t group) { return read_segments(outlets, group, context.run.identity()); };
  const auto take = [&](std::size_t group, std::vector<Segment>&& segments) -> Result<void> {
    for (const auto& segment : segments) PW_CHECK(demand.add(segment));
    progress.advance(outlets.group_rows(group));
    PW_CHECK(wanted.take(demand.wanted()));
    return dropped.take(demand.dropped());
  };
  PW_CHECK(work::ordered<std::vector<Segment>>(context.pool, outlets.groups(), condense, take));
  PW_CHECK(demand.finish());
  PW_CHECK(wanted.close(demand.wanted()));
  return dropped.close(demand.dropped());
}

std::vector<std::string> texts(const auto& countries) {
  std::vector<std::string> out;
  for (const auto iso : countries) out.push_back(iso.text());
  return out;
}

struct Costs {
  double wall_began = report::wall_seconds(), cpu_began = report::cpu_seconds();
  std::uint64_t outlet_bytes = 0, weight_bytes = 0, open_files = 0;
};

Result<Json> run_report(const Context& context, const Policy& policy, const Tally& tally,
                        const store::Published& published, const Costs& costs) {
  const auto& identity = context.run.identity();
  PW_TRY(const auto iso_version, context.run.version("iso3166_canonical_2024"));
  const Json filter = {{"policy_path", policy.path},
                       {"policy_version", policy.numbers.version},
                       {"enabled", policy.numbers.enabled},
                       {"denylist_country_iso", texts(policy.numbers.denylist)}};
  const Json pat = {{"wall_clock_seconds_total", report::wall_seconds() - costs.wall_began},
                    {"cpu_seconds_total", report::cpu_seconds() - costs.cpu_began},
                    {"bytes_read_outlet_catalogue_total", costs.outlet_bytes},
                    {"bytes_read_tile_weights_total", costs.weight_bytes},
                    {"max_worker_rss_bytes", report::peak_rss_bytes()},
                    {"open_files_peak", costs.open_files},
                    {"open_files_metric", "fds"},
                    {"workers_used", 1}};
  return Json{{"seed", identity.seed},
              {"manifest_fingerprint", identity.manifest_fingerprint},
              {"parameter_hash", identity.parameter_hash},
              {"country_filter_policy", filter},
              {"rows_emitted", tally.emitted},
              {"rows_dropped_by_policy", tally.dropped_pairs},
              {"sites_dropped_by_policy", tally.dropped_sites},
              {"countries_dropped_by_policy_total", tally.dropped_countries.size()},
              {"countries_dropped_by_policy", texts(tally.dropped_countries)},
              {"merchants_total", tally.merchants},
              {"countries_total", tally.countries.size()},
              {"source_rows_total", tally.source_rows},
              {"ingress_versions", {{"iso3166", iso_version}, {"s3_requirements_policy", policy.numbers.version}}},
              {"determinism_receipt", store::determinism_receipt(published)},
              {"pat", pat}};
}

}  // namespace

Result<Summary> run(Context& context) {
  Costs costs;
  PW_CHECK(datasets::check_gate_receipt(context.run, {"outlet_catalogue", "iso3166_canonical_2024"},
                                        {"E306_TOKEN_MISMATCH", "E311_DISALLOWED_READ"}));
  PW_TRY(const auto policy, read_policy(context));
  PW_TRY(const auto outlet_path, outlet_folder(context.run));
  PW_TRY(auto countries, read_countries(context.run, policy.numbers, costs.weight_bytes));
  PW_TRY(const auto outlets, table::Dataset::open(outlet_path));
  costs.outlet_bytes = outlets.file_bytes();

  PW_TRY(const auto staged_pairs, store::Staging::create(context.run, "s3_requirements"));
  PW_TRY(const auto staged_drops, store::Staging::create(context.run, "s3_dropped"));
  Demand demand(std::move(countries));
  PairWriter wanted(staged_pairs.path(), datasets::kRequirements, context.pool),
      dropped(staged_drops.path(), kDropped, context.pool);
  PW_CHECK(stream(context, outlets, demand, wanted, dropped));
  costs.open_files = report::open_files();
  const auto& tally = demand.tally();

  if (context.run.dictionary().find("s3_dropped")) {
    PW_TRY(const auto drops, store::publish_folder(context.run, staged_drops.path(), "s3_dropped"));
    context.log.record("INFO", "S3: " + std::to_string(tally.dropped_pairs) + " pairs dropped by policy, listed in " +
                                   drops.printed_path);
  }
  PW_TRY(const auto published,
         store::publish_folder(context.run, staged_pairs.path(), "s3_requirements",
                               "E_IMMUTABLE_PARTITION_EXISTS_NONIDENTICAL", same_rows(datasets::kRequirements)));
  PW_TRY(const auto report, run_report(context, policy, tally, published, costs));
  PW_CHECK(store::publish_report(context.run, "s3_run_report", report));
  return Summary{tally.emitted, published.bytes, true};
}

}  // namespace placewright::states::s3_requirements
