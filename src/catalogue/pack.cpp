#include "catalogue/pack.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "catalogue/pack_schema.hpp"
#include "hash/sha256.hpp"
#include "store/files.hpp"
#include "table/table.hpp"

namespace placewright::catalogue {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSums = "SHA256SUMS";

Error damaged(const fs::path& file, std::string_view reason) {
  return Error("IMP_PACK_DAMAGED", file.string() + ": " + std::string(reason) + "; import the catalogue again");
}

// The lines of SHA256SUMS.
Result<std::vector<PackFile>> read_sums(const fs::path& folder) {
  const auto file = folder / kSums;
  auto text = store::read_text(file);
  if (!text) return std::move(text).error();
  std::vector<PackFile> files;
  for (const auto& line : split(*text, '\n')) {
    if (line.empty()) continue;
    if (line.size() < 67 || !is_hex(std::string_view(line).substr(0, 64), 64) || line.substr(64, 2) != "  ") {
      return damaged(file, "the line \"" + line.substr(0, 80) + "\" is not a digest and a name");
    }
    files.push_back({line.substr(66), line.substr(0, 64), 0});
  }
  return files;
}

Result<void> check_names(const fs::path& folder, const std::vector<PackFile>& files) {
  PW_TRY(auto found, hash::files_below(folder));
  std::erase(found, kSums);
  std::vector<std::string> listed;
  for (const auto& file : files) listed.push_back(file.name);
  if (found != listed) {
    return damaged(folder, "it holds " + join(found, ", ") + ", SHA256SUMS lists " + join(listed, ", "));
  }
  for (const auto* need : {"merchants.parquet", "pairs.parquet", "provenance.json"}) {
    if (std::ranges::find(listed, need) == listed.end()) return damaged(folder, std::string(need) + " is missing");
  }
  return {};
}

// Rows of one table, one row group in memory at a time.
class Cursor {
 public:
  Cursor(const fs::path& file, table::Dataset data, table::Schema columns)
      : file_(file), data_(std::move(data)), columns_(std::move(columns)) {}

  // False at the end.
  Result<bool> next() {
    ++row_;
    ++row_in_file_;
    while (row_ >= batch_.rows) {
      if (group_ == data_.groups()) return false;
      auto batch = data_.read(group_++, columns_);
      if (!batch) return std::move(batch).error().as("IMP_PACK_DAMAGED");
      batch_ = std::move(batch).value();
      auto countries = table::isos(batch_.text(1), columns_[1].name);
      if (!countries) return std::move(countries).error().as("IMP_PACK_DAMAGED").in(file_.string());
      countries_ = std::move(countries).value();
      row_ = 0;
    }
    return true;
  }
  MerchantId merchant() const { return batch_.u64(0)[row_]; }
  Iso country() const { return countries_[row_]; }
  std::int64_t number() const { return batch_.i64(2)[row_]; }
  double orientation() const { return batch_.f64(3)[row_]; }
  Error fault(std::string_view reason) const {
    return damaged(file_, "row " + std::to_string(row_in_file_) + ": " + std::string(reason));
  }

 private:
  fs::path file_;
  table::Dataset data_;
  table::Schema columns_;
  table::Batch batch_;
  std::vector<Iso> countries_;
  std::size_t group_ = 0;
  std::size_t row_ = static_cast<std::size_t>(-1);
  std::uint64_t row_in_file_ = static_cast<std::uint64_t>(-1);
};

Result<Cursor> open_cursor(const Pack& pack, const char* name, const table::Schema& columns) {
  const auto file = pack.folder / name;
  auto data = table::Dataset::open(file);
  if (!data) return std::move(data).error().as("IMP_PACK_DAMAGED");
  return Cursor(file, std::move(data).value(), columns);
}

class MerchantReader {
 public:
  MerchantReader(const Pack& pack, Cursor pairs, Cursor merchants)
      : orientation_(pack.has_orientation), pairs_(std::move(pairs)), merchants_(std::move(merchants)) {}

  Result<void> run(const std::function<Result<void>(const Merchant&)>& visit) {
    PW_TRY(more_pairs_, pairs_.next());
    for (MerchantId last = 0;;) {
      PW_TRY(const bool more, merchants_.next());
      if (!more) break;
      PW_TRY(const auto merchant, next_merchant(last));
      last = merchant.id;
      PW_CHECK(visit(merchant));
    }
    return more_pairs_ ? pairs_.fault("this merchant is not in merchants.parquet") : Result<void>();
  }

 private:
  Result<Merchant> next_merchant(MerchantId last) {
    Merchant merchant;
    merchant.id = merchants_.merchant();
    merchant.home = merchants_.country();
    merchant.total = merchants_.number();
    if (merchant.id <= last) return merchants_.fault("merchant_id does not ascend");
    if (orientation_) {
      merchant.orientation = merchants_.orientation();
      if (merchant.orientation < 0 || merchant.orientation > 1) return merchants_.fault("orientation is outside 0 to 1");
    }
    countries_.clear();
    std::int64_t total = 0;
    while (more_pairs_ && pairs_.merchant() == merchant.id) {
      const CountryOutlets pair{pairs_.country(), pairs_.number()};
      if (pair.outlets < 1 || pair.outlets > kMaxOutlets) return pairs_.fault("outlets is outside 1 to 999,999");
      if (!countries_.empty() && pair.country <= countries_.back().country) return pairs_.fault("the country does not ascend");
      countries_.push_back(pair);
      total += pair.outlets;
      PW_TRY(more_pairs_, pairs_.next());
    }
    if (countries_.empty()) return merchants_.fault("the merchant has no pair, or pairs.parquet is out of order");
    if (total != merchant.total) return merchants_.fault("total is not the sum of the merchant's pairs");
    merchant.countries = countries_;
    return merchant;
  }

  bool orientation_;
  Cursor pairs_, merchants_;
  bool more_pairs_ = false;
  std::vector<CountryOutlets> countries_;
};

}  // namespace

bool is_pack(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path / kSums, ignored) && fs::is_regular_file(path / "pairs.parquet", ignored);
}

Result<std::string> pack_digest(const fs::path& folder) {
  PW_TRY(const auto digest, hash::sha256_file(folder / kSums));
  return digest.sha256_hex;
}

Result<Pack> open_pack(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) return Error("PW_INPUT", "there is no catalogue pack " + folder.string());
  if (!fs::is_regular_file(folder / kSums, ignored)) return damaged(folder, "it has no SHA256SUMS");
  Pack pack;
  pack.folder = folder;
  PW_TRY(pack.digest, pack_digest(folder));
  PW_TRY(pack.files, read_sums(folder));
  PW_CHECK(check_names(folder, pack.files));
  for (auto& file : pack.files) {
    PW_TRY(const auto digest, hash::sha256_file(folder / file.name));
    if (digest.sha256_hex != file.sha256_hex) {
      return damaged(folder / file.name, "its digest is " + digest.sha256_hex + ", SHA256SUMS says " + file.sha256_hex);
    }
    file.bytes = digest.bytes;
    pack.has_outlet_keys = pack.has_outlet_keys || file.name == "outlet_keys.parquet";
  }
  PW_TRY(pack.provenance, store::read_json(folder / "provenance.json"));
  auto merchants = table::Dataset::open(folder / "merchants.parquet");
  if (!merchants) return std::move(merchants).error().as("IMP_PACK_DAMAGED");
  pack.has_orientation = merchants->has("orientation");
  return pack;
}

Result<void> for_each_merchant(const Pack& pack, const std::function<Result<void>(const Merchant&)>& visit) {
  auto columns = kMerchants;
  if (pack.has_orientation) columns.push_back(kOrientationField);
  PW_TRY(auto pairs, open_cursor(pack, "pairs.parquet", kPairs));
  PW_TRY(auto merchants, open_cursor(pack, "merchants.parquet", columns));
  return MerchantReader(pack, std::move(pairs), std::move(merchants)).run(visit);
}

}  // namespace placewright::catalogue
