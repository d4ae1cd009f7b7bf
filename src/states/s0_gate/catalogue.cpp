#include "states/s0_gate/catalogue.hpp"

#include <algorithm>

#include "hash/sha256.hpp"
#include "table/table.hpp"

namespace placewright::states::s0_gate {
namespace {

namespace fs = std::filesystem;

constexpr auto kCatalogue = "outlet_catalogue";
constexpr auto kFingerprint = "manifest_fingerprint";
constexpr auto kSeed = "global_seed";

Error fault(std::string_view code, const std::string& what) {
  return Error(std::string(code), what).with("detail", what).with("dataset_id", kCatalogue);
}

Error foreign_row(const char* column, std::uint64_t row, const std::string& found, const std::string& expected) {
  return fault("E_PATH_EMBED_MISMATCH", std::string(kCatalogue) + ", row " + std::to_string(row) + ": " + column + " is " + found +
                                            ", the run receipt says " + expected);
}

Result<void> check_group(const table::Dataset& dataset, std::size_t group, std::uint64_t first_row, const RunIdentity& identity) {
  table::Schema columns = {{kFingerprint, table::Kind::text}};
  if (dataset.has(kSeed)) columns.push_back({kSeed, table::Kind::u64});
  PW_TRY(const auto batch, dataset.read(group, columns));
  const auto& text = batch.text(0);
  std::vector<bool> ours;
  for (const auto& value : text.dictionary) ours.push_back(value == identity.manifest_fingerprint);
  for (std::size_t i = 0; i < batch.rows; ++i) {
    if (!ours[text.codes[i]]) return foreign_row(kFingerprint, first_row + i, std::string(text.at(i)), identity.manifest_fingerprint);
  }
  if (columns.size() == 1) return {};
  for (std::size_t i = 0; i < batch.rows; ++i) {
    if (batch.u64(1)[i] == identity.seed) continue;
    return foreign_row(kSeed, first_row + i, std::to_string(batch.u64(1)[i]), std::to_string(identity.seed));
  }
  return {};
}

Error uncertified(const std::string& what) { return fault("E_CATALOGUE_DIGEST_MISMATCH", std::string(kCatalogue) + ": " + what); }

Result<void> check_listed_files(const datasets::Input& input, const Json& listed) {
  if (!listed.is_array()) return {};
  for (const auto& entry : listed) {
    if (!entry.is_object()) return uncertified("the list of certified files is malformed");
    const auto path = entry.value("path", Json());
    const auto file = std::ranges::find_if(input.files, [&](const auto& f) { return path == Json(f.path); });
    if (file == input.files.end()) return uncertified("certified file " + compact(path) + " is missing");
    if (entry.value("sha256_hex", Json()) != Json(file->sha256_hex)) {
      return uncertified(file->path + " has digest " + file->sha256_hex + ", certified is " + compact(entry.value("sha256_hex", Json())));
    }
  }
  return {};
}

}  // namespace

Result<void> check_place(const store::RunFolder& run) {
  PW_TRY(const auto folder, run.locate(kCatalogue));
  std::error_code error;
  if (!fs::is_directory(folder, error)) return fault("E_PARTITION_MISPLACED", "there is no outlet catalogue " + folder.string());
  PW_TRY(const auto files, hash::files_below(folder));
  const auto is_table = [](const std::string& name) { return name.ends_with(".parquet"); };
  if (std::ranges::none_of(files, is_table)) return fault("E_PARTITION_MISPLACED", "there is no Parquet file in " + folder.string());
  const auto deeper = std::ranges::find_if(files, [&](const std::string& name) { return is_table(name) && name.find('/') != std::string::npos; });
  if (deeper != files.end()) return fault("E_PARTITION_MISPLACED", "catalogue files lie directly in " + folder.string() + ", not at " + *deeper);
  return {};
}

Result<void> check_lineage(Context& context) {
  PW_TRY(const auto folder, context.run.locate(kCatalogue));
  PW_TRY(const auto dataset, table::Dataset::open(folder));
  if (!dataset.has(kFingerprint)) {
    return fault("E_PATH_EMBED_MISMATCH", std::string(kCatalogue) + " has no column " + kFingerprint + ": " + folder.string());
  }
  std::vector<std::uint64_t> first_row(1, 0);
  for (std::size_t group = 0; group < dataset.groups(); ++group) first_row.push_back(first_row.back() + dataset.group_rows(group));
  report::Progress progress(context.log, "S0 outlet_catalogue rows", dataset.rows());
  return work::for_each(context.pool, dataset.groups(), [&](std::size_t group) -> Result<void> {
    PW_CHECK(check_group(dataset, group, first_row[group], context.run.identity()));
    progress.advance(dataset.group_rows(group));
    return {};
  });
}

Result<std::string> check_digest(const datasets::Input& input, const std::optional<Json>& egress) {
  PW_TRY(auto digest, datasets::dataset_digest(input));
  if (!egress) return digest;
  if ((*egress)["composite_sha256_hex"] != Json(digest)) {
    return uncertified("the files in " + input.location.string() + " have digest " + digest + ", the upstream bundle certifies " +
                       compact((*egress)["composite_sha256_hex"]));
  }
  PW_CHECK(check_listed_files(input, egress->value("files", Json())));
  return digest;
}

}  // namespace placewright::states::s0_gate
