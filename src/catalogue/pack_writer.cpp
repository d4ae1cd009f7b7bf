#include "catalogue/pack_writer.hpp"

#include <unistd.h>

#include <map>
#include <utility>

#include "catalogue/pack_schema.hpp"
#include "hash/sha256.hpp"
#include "store/files.hpp"

namespace placewright::catalogue {
namespace {

namespace fs = std::filesystem;

Error other_content(const fs::path& out) {
  return Error("PW_OTHER_RUN", out.string() + " holds something else than this catalogue pack; choose another folder or remove it");
}

Result<table::FileWriter> open_writer(const fs::path& file, const table::Schema& schema) {
  table::WriteOptions options;
  options.rows_per_group = kPackRowsPerGroup;
  return table::FileWriter::create(file, schema, std::move(options));
}

}  // namespace

PackWriter::Aside::~Aside() {
  std::error_code ignored;
  if (!path.empty()) fs::remove_all(path, ignored);
}

PackWriter::~PackWriter() {
  pairs_.reset();
  merchants_.reset();
  keys_.reset();
}

Result<PackWriter> PackWriter::create(const fs::path& out, bool orientation, bool outlet_keys) {
  std::error_code error;
  if (fs::exists(out, error) && !is_pack(out) && !(fs::is_directory(out, error) && fs::is_empty(out, error))) {
    return other_content(out);
  }
  PackWriter writer;
  writer.out_ = out.has_filename() ? out : out.parent_path();
  writer.orientation_ = orientation;
  const auto aside = fs::path(writer.out_.string() + ".part-" + std::to_string(::getpid()));
  fs::remove_all(aside, error);
  PW_CHECK(store::make_folder(aside));
  writer.aside_.path = aside;
  PW_TRY(writer.pairs_, open_writer(aside / "pairs.parquet", kPairs));
  auto merchants = kMerchants;
  if (orientation) merchants.push_back(kOrientationField);
  PW_TRY(writer.merchants_, open_writer(aside / "merchants.parquet", merchants));
  if (outlet_keys) {
    PW_TRY(writer.keys_, open_writer(aside / "outlet_keys.parquet", kOutletKeys));
  }
  return writer;
}

Result<void> PackWriter::add(const Merchant& merchant) {
  if (merchant.id <= last_ || merchant.countries.empty()) {
    return Error("IMP_PACK_DAMAGED", "merchant " + std::to_string(merchant.id) + " is out of order or has no outlet");
  }
  last_ = merchant.id;
  for (const auto& pair : merchant.countries) {
    if (pair.outlets < 1 || pair.outlets > kMaxOutlets) {
      return Error("IMP_COUNT_OVERFLOW", "merchant " + std::to_string(merchant.id) + " has " + std::to_string(pair.outlets) +
                                             " outlets in " + pair.country.text());
    }
    pair_merchant_.push_back(merchant.id);
    pair_country_.push_back(pair.country);
    pair_outlets_.push_back(pair.outlets);
  }
  merchant_id_.push_back(merchant.id);
  merchant_home_.push_back(merchant.home);
  merchant_total_.push_back(merchant.total);
  merchant_orientation_.push_back(merchant.orientation);
  ++merchant_count_;
  pair_count_ += merchant.countries.size();
  outlet_count_ += static_cast<std::uint64_t>(merchant.total);
  if (pair_merchant_.size() >= kPackRowsPerGroup) PW_CHECK(flush_pairs());
  if (merchant_id_.size() >= kPackRowsPerGroup) PW_CHECK(flush_merchants());
  return {};
}

Result<void> PackWriter::add_outlet_key(MerchantId merchant, Iso country, std::int64_t site_order, std::string_view key) {
  key_merchant_.push_back(merchant);
  key_country_.push_back(country);
  key_order_.push_back(site_order);
  key_text_.emplace_back(key);
  return key_text_.size() >= kPackRowsPerGroup ? flush_keys() : Result<void>();
}

Result<void> PackWriter::flush_pairs() {
  table::Batch batch;
  batch.rows = pair_merchant_.size();
  batch.columns.emplace_back(std::exchange(pair_merchant_, {}));
  batch.columns.emplace_back(table::iso_column(pair_country_));
  batch.columns.emplace_back(std::exchange(pair_outlets_, {}));
  pair_country_.clear();
  return pairs_->write(batch);
}

Result<void> PackWriter::flush_merchants() {
  table::Batch batch;
  batch.rows = merchant_id_.size();
  batch.columns.emplace_back(std::exchange(merchant_id_, {}));
  batch.columns.emplace_back(table::iso_column(merchant_home_));
  batch.columns.emplace_back(std::exchange(merchant_total_, {}));
  if (orientation_) batch.columns.emplace_back(std::exchange(merchant_orientation_, {}));
  merchant_home_.clear();
  merchant_orientation_.clear();
  return merchants_->write(batch);
}

Result<void> PackWriter::flush_keys() {
  table::Batch batch;
  batch.rows = key_merchant_.size();
  table::TextColumn text;
  text.codes.resize(batch.rows);
  for (std::size_t i = 0; i < batch.rows; ++i) text.codes[i] = static_cast<std::uint32_t>(i);
  text.dictionary = std::exchange(key_text_, {});
  batch.columns.emplace_back(std::exchange(key_merchant_, {}));
  batch.columns.emplace_back(table::iso_column(key_country_));
  batch.columns.emplace_back(std::exchange(key_order_, {}));
  batch.columns.emplace_back(std::move(text));
  key_country_.clear();
  return keys_->write(batch);
}

Result<Pack> PackWriter::finish(Json provenance) {
  PW_CHECK(flush_pairs());
  PW_CHECK(flush_merchants());
  if (keys_) PW_CHECK(flush_keys());
  std::map<std::string, std::string> digests;
  for (auto* writer : {&merchants_, &keys_, &pairs_}) {
    if (!*writer) continue;
    PW_TRY(const auto file, (*writer)->close());
    digests[file.name] = file.sha256_hex;
  }
  provenance["format"] = "placewright.catalogue.v1";
  provenance["merchants"] = merchant_count_;
  provenance["pairs"] = pair_count_;
  provenance["outlets"] = outlet_count_;
  const auto text = spaced(provenance) + "\n";
  PW_CHECK(store::write_plain(aside_.path / "provenance.json", text));
  digests["provenance.json"] = hash::sha256_hex(text);
  std::string sums;
  for (const auto& [name, digest] : digests) sums += digest + "  " + name + "\n";
  PW_CHECK(store::write_plain(aside_.path / "SHA256SUMS", sums));
  PW_CHECK(store::sync_path(aside_.path));

  std::error_code error;
  if (fs::exists(out_, error) && is_pack(out_)) {
    PW_TRY(const auto staged, pack_digest(aside_.path));
    auto there = open_pack(out_);
    if (!there || there->digest != staged) return other_content(out_);
    return there;
  }
  PW_CHECK(store::make_folder(fs::absolute(out_).parent_path()));
  PW_CHECK(store::rename_path(aside_.path, fs::absolute(out_)));
  aside_.path.clear();
  return open_pack(out_);
}

}  // namespace placewright::catalogue
