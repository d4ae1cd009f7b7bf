#include "catalogue/upstream.hpp"

#include <algorithm>

#include "catalogue/bundle.hpp"
#include "catalogue/outlets.hpp"
#include "datasets/schemas.hpp"
#include "hash/sha256.hpp"
#include "store/publish.hpp"
#include "table/table.hpp"

namespace placewright::catalogue {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRowsPerPart = 500'000;
constexpr std::size_t kCandidateBlock = 50'000;

const table::Schema kCandidates = {{"merchant_id", table::Kind::u64, table::Encoding::delta},
                                   {"country_iso", table::Kind::text},
                                   {"candidate_rank", table::Kind::i32},
                                   {"is_home", table::Kind::boolean},
                                   {"reason_codes", table::Kind::text_list},
                                   {"filter_tags", table::Kind::text_list},
                                   {"parameter_hash", table::Kind::text},
                                   {"produced_by_fingerprint", table::Kind::text}};

Result<store::Published> publish_outlets(const Pack& pack, const store::RunFolder& run, work::Pool& pool) {
  PW_TRY(const auto staging, store::Staging::create(run, "outlet_catalogue"));
  table::PartsWriter parts(staging.path(), datasets::kOutletCatalogue, kRowsPerPart, pool);
  OutletRows rows(run.identity(), [&](table::Batch batch) { return parts.write(std::move(batch)); });
  PW_CHECK(for_each_merchant(pack, [&](const Merchant& merchant) { return rows.add(merchant); }));
  PW_CHECK(rows.flush());
  PW_TRY(const auto written, parts.close());
  if (written.empty()) return Error("IMP_EMPTY", pack.folder.string() + " holds no outlet");
  return store::publish_folder(run, staging.path(), "outlet_catalogue");
}

// Home first, then by outlets descending and code.
std::vector<Iso> candidates_of(const Merchant& merchant) {
  std::vector<CountryOutlets> others(merchant.countries.begin(), merchant.countries.end());
  std::erase_if(others, [&](const CountryOutlets& pair) { return pair.country == merchant.home; });
  std::ranges::stable_sort(others, std::ranges::greater(), &CountryOutlets::outlets);
  std::vector<Iso> order{merchant.home};
  for (const auto& pair : others) order.push_back(pair.country);
  return order;
}

class CandidateRows {
 public:
  CandidateRows(const RunIdentity& identity, std::string reason, table::FileWriter& writer)
      : identity_(identity), reason_(std::move(reason)), writer_(writer) {}

  Result<void> add(const Merchant& merchant) {
    const auto order = candidates_of(merchant);
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
      merchant_.push_back(merchant.id);
      country_.push_back(order[rank]);
      rank_.push_back(static_cast<std::int32_t>(rank));
      home_.push_back(rank == 0 ? 1 : 0);
      tags_.push_back(rank == 0 ? std::vector<std::string>{"HOME"} : std::vector<std::string>{});
    }
    return merchant_.size() >= kCandidateBlock ? flush() : Result<void>();
  }

  Result<void> flush() {
    table::Batch batch;
    batch.rows = merchant_.size();
    batch.columns.emplace_back(std::exchange(merchant_, {}));
    batch.columns.emplace_back(table::iso_column(country_));
    batch.columns.emplace_back(std::exchange(rank_, {}));
    batch.columns.emplace_back(std::exchange(home_, {}));
    batch.columns.emplace_back(table::TextLists(batch.rows, {reason_}));
    batch.columns.emplace_back(std::exchange(tags_, {}));
    batch.columns.emplace_back(table::TextColumn::repeated(identity_.parameter_hash, batch.rows));
    batch.columns.emplace_back(table::TextColumn::repeated(identity_.manifest_fingerprint, batch.rows));
    country_.clear();
    return writer_.write(batch);
  }

 private:
  const RunIdentity& identity_;
  std::string reason_;
  table::FileWriter& writer_;
  std::vector<std::uint64_t> merchant_;
  std::vector<Iso> country_;
  std::vector<std::int32_t> rank_;
  std::vector<std::uint8_t> home_;
  table::TextLists tags_;
};

Result<void> publish_candidates(const Pack& pack, const store::RunFolder& run) {
  PW_TRY(const auto staging, store::Staging::create(run, "s3_candidate_set"));
  PW_TRY(auto writer, table::FileWriter::create(staging.path() / "part-00000.parquet", kCandidates));
  CandidateRows rows(run.identity(), pack.provenance.contains("profile") ? "STANDIN" : "IMPORTED", writer);
  PW_CHECK(for_each_merchant(pack, [&](const Merchant& merchant) { return rows.add(merchant); }));
  PW_CHECK(rows.flush());
  PW_TRY(const auto written, writer.close());
  (void)written;
  PW_TRY(const auto published, store::publish_folder(run, staging.path(), "s3_candidate_set"));
  (void)published;
  return {};
}

// What the catalogue says of its merchants' orientation, when it says anything.
Result<void> publish_orientations(const Pack& pack, const store::RunFolder& run) {
  if (!pack.has_orientation) return {};
  std::vector<std::uint64_t> merchants;
  std::vector<double> orientations;
  PW_CHECK(for_each_merchant(pack, [&](const Merchant& merchant) -> Result<void> {
    merchants.push_back(merchant.id);
    orientations.push_back(merchant.orientation);
    return {};
  }));
  PW_TRY(const auto staging, store::Staging::create(run, "merchant_orientation"));
  PW_TRY(auto writer, table::FileWriter::create(staging.path() / "part-00000.parquet", datasets::kOrientations));
  table::Batch batch;
  batch.rows = merchants.size();
  batch.columns = {std::move(merchants), std::move(orientations)};
  PW_CHECK(writer.close(batch));
  PW_TRY(const auto published, store::publish_folder(run, staging.path(), "merchant_orientation"));
  (void)published;
  return {};
}

Result<OutletFiles> outlet_files(const fs::path& partition) {
  OutletFiles outlets;
  PW_TRY(const auto names, hash::files_below(partition));
  for (const auto& name : names) {
    PW_TRY(const auto digest, hash::sha256_file(partition / name));
    outlets.files.push_back({name, digest.sha256_hex, digest.bytes});
  }
  PW_TRY(const auto all, hash::sha256_folder(partition));
  outlets.composite_sha256 = all.sha256_hex;
  return outlets;
}

Result<void> publish_bundle(const Bundle& bundle, const store::RunFolder& run) {
  PW_TRY(const auto staging, store::Staging::create(run, "validation_bundle_1A"));
  for (const auto& [name, content] : bundle) PW_CHECK(store::write_plain(staging.path() / name, content));
  PW_TRY(const auto published, store::publish_folder(run, staging.path(), "validation_bundle_1A"));
  (void)published;
  return {};
}

// The bundle is published last: once it is there, the outlets are there too, and making them again can be spared when
// the bundle they lead to is the same. That the outlets still have their bytes is for S0 to check.
Result<bool> is_published(const Pack& pack, const IdentityInputs& inputs, const store::RunFolder& run) {
  PW_TRY(const auto folder, run.target("validation_bundle_1A"));
  std::error_code ignored;
  if (!fs::is_regular_file(folder / "_passed.flag", ignored)) return false;
  const auto checksums = store::read_json(folder / "egress_checksums.json");
  if (!checksums || !checksums->is_object() || !checksums->value("files", Json()).is_array()) return false;
  OutletFiles outlets;
  outlets.composite_sha256 = checksums->value("composite_sha256_hex", std::string());
  for (const auto& file : (*checksums)["files"]) {
    if (!file.is_object() || !file.contains("path") || !file["path"].is_string() || !file.contains("sha256_hex") ||
        !file["sha256_hex"].is_string() || !file.contains("size_bytes") || !file["size_bytes"].is_number_unsigned()) {
      return false;
    }
    outlets.files.push_back({file["path"], file["sha256_hex"], file["size_bytes"]});
  }
  for (const auto& [name, content] : make_bundle(pack, inputs, run.identity(), outlets)) {
    const auto there = store::read_text(folder / name);
    if (!there || *there != content) return false;
  }
  return true;
}

}  // namespace

Result<void> write_upstream(const Pack& pack, const IdentityInputs& inputs, const store::RunFolder& run,
                            work::Pool& pool) {
  PW_TRY(const auto identity, mint_identity(inputs));
  if (identity.manifest_fingerprint != run.identity().manifest_fingerprint ||
      identity.parameter_hash != run.identity().parameter_hash || identity.seed != run.identity().seed) {
    return Error("PW_DEFECT", "the run folder does not carry the identity of its inputs");
  }
  PW_TRY(const bool done, is_published(pack, inputs, run));
  if (done) return {};
  PW_TRY(const auto published, publish_outlets(pack, run, pool));
  PW_CHECK(publish_candidates(pack, run));
  PW_CHECK(publish_orientations(pack, run));
  PW_TRY(const auto outlets, outlet_files(published.path));
  return publish_bundle(make_bundle(pack, inputs, run.identity(), outlets), run);
}

}  // namespace placewright::catalogue
