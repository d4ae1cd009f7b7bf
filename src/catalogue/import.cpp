#include "catalogue/import.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "catalogue/merchants.hpp"
#include "catalogue/pack_writer.hpp"
#include "catalogue/read_rows.hpp"
#include "hash/sha256.hpp"

namespace placewright::catalogue {
namespace {

namespace fs = std::filesystem;

void add_figures(ImportReport& report, MerchantRows rows, const Merchant& merchant) {
  ++report.merchants;
  report.homes_given += std::ranges::any_of(rows, [](const Row& row) { return row.outlets > 0 && row.home.packed() != 0; });
  report.homes_without_outlets += std::ranges::find(merchant.countries, merchant.home, &CountryOutlets::country) == merchant.countries.end();
  report.pairs += merchant.countries.size();
  report.outlets += static_cast<std::uint64_t>(merchant.total);
  for (const auto& pair : merchant.countries) report.outlets_by_country[pair.country] += static_cast<std::uint64_t>(pair.outlets);
}

// Outlets of a pair are numbered in the byte order of their keys.
Result<void> write_keys(MerchantRows rows, const RowStore& store, PackWriter& writer) {
  std::vector<std::string_view> keys;
  for (std::size_t i = 0; i < rows.size();) {
    const auto country = rows[i].country;
    keys.clear();
    for (; i < rows.size() && rows[i].country == country; ++i) {
      if (rows[i].outlets > 0) keys.push_back(store.key(rows[i]));
    }
    std::ranges::sort(keys);
    for (std::size_t k = 0; k < keys.size(); ++k) {
      PW_CHECK(writer.add_outlet_key(rows.front().merchant, country, static_cast<std::int64_t>(k + 1), keys[k]));
    }
  }
  return {};
}

// The source is known by its content: a renamed file is the same catalogue, and a pack's bytes decide who a run is.
Result<Json> provenance(const ImportOptions& options, const ReadRows& read, const ImportReport& report) {
  PW_TRY(const auto source, hash::sha256_file(options.file));
  return Json{{"source", {{"bytes", source.bytes}, {"sha256", source.sha256_hex}}},
              {"shape", read.columns.outlet_rows() ? "outlet_rows" : "count_rows"},
              {"rows", report.rows},
              {"rejects", report.rejects_total},
              {"rejects_by_code", report.rejects_by_code},
              {"id_rule", read.columns.has(kId) ? "merchant_id: decimal, as given"
                                                : "merchant_key: first 8 bytes of its SHA-256, big-endian"}};
}

Result<void> write_pack(const ImportOptions& options, ReadRows& read, std::vector<Row>& rows, ImportReport& report) {
  PW_TRY(auto writer, PackWriter::create(options.out, read.columns.has(kOrientation), read.columns.has(kOutletKey)));
  std::vector<CountryOutlets> countries;
  Merchant merchant;
  const auto write = [&](MerchantRows mine) -> Result<void> {
    if (!summarise(mine, countries, merchant)) return {};
    PW_CHECK(writer.add(merchant));
    return read.columns.has(kOutletKey) ? write_keys(mine, read.store, writer) : Result<void>();
  };
  PW_CHECK(each_merchant(rows, write));
  PW_TRY(auto facts, provenance(options, read, report));
  PW_TRY(const auto pack, writer.finish(std::move(facts)));
  report.pack = options.out;
  report.pack_digest = pack.digest;
  return {};
}

Error refusal(const ImportReport& report, const ImportOptions& options) {
  const auto& first = report.rejects.front();
  std::string where = options.file.string() + ", line " + std::to_string(first.line);
  if (!first.column.empty()) where += ", column " + first.column;
  return Error(first.code, where + ": \"" + first.value + "\" is refused (" + first.code + "); bad lines in all: " +
                               grouped(report.rejects_total) + ", allowed: " + grouped(options.max_rejects))
      .with("line", first.line)
      .with("column", first.column)
      .with("value", first.value);
}

fs::path rejects_path(const ImportOptions& options) {
  if (options.out.empty()) return {};
  if (!options.rejects_file.empty()) return options.rejects_file;
  const auto out = options.out.has_filename() ? options.out : options.out.parent_path();
  return out.string() + ".rejects.csv";
}

bool is_parquet(const fs::path& file) {
  const auto suffix = file.extension().string();
  return suffix == ".parquet" || suffix == ".pq";
}

}  // namespace

Result<ImportReport> import_file(const ImportOptions& options, work::Pool& pool) {
  std::error_code ignored;
  if (!fs::exists(options.file, ignored)) return Error("PW_INPUT", "there is no file " + options.file.string());
  RejectLog rejects(rejects_path(options));
  PW_TRY(auto read, is_parquet(options.file) ? read_parquet(options, rejects, pool) : read_csv(options, rejects, pool));
  PW_TRY(auto rows, read.store.sorted(pool));
  PW_CHECK(check_merchants(rows, read.columns, read.store, rejects));

  ImportReport report;
  report.outlet_rows = read.columns.outlet_rows();
  report.rows = read.rows;
  report.ignored_columns = read.columns.ignored;
  PW_CHECK(rejects.finish(report));
  std::vector<CountryOutlets> countries;
  Merchant merchant;
  PW_CHECK(each_merchant(rows, [&](MerchantRows mine) -> Result<void> {
    if (summarise(mine, countries, merchant)) add_figures(report, mine, merchant);
    return {};
  }));
  if (report.rejects_total > options.max_rejects) {
    report.refused = refusal(report, options);
  } else if (report.outlets == 0) {
    report.refused = Error("IMP_EMPTY", options.file.string() + " holds no outlet; give at least one row");
  } else if (!options.out.empty()) {
    PW_CHECK(write_pack(options, read, rows, report));
  }
  return report;
}

}  // namespace placewright::catalogue
