#include "views/sites.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/text.hpp"
#include "datasets/log_file.hpp"
#include "datasets/schemas.hpp"
#include "store/files.hpp"
#include "table/table.hpp"
#include "views/outlet_keys.hpp"

namespace placewright::views {
namespace {

namespace fs = std::filesystem;

struct Block {
  std::string text;
  std::uint64_t rows = 0;
};

// A row group of sites; `keys` is empty when they are not asked for.
struct Sites {
  table::Batch batch;
  std::vector<std::string> keys;
};

Result<Sites> read_group(const table::Dataset& sites, std::size_t group, const OutletKeys* keys) {
  Sites read;
  PW_TRY(read.batch, sites.read(group, datasets::kSiteLocations));
  if (!keys) return read;
  PW_TRY(const auto wanted, site_keys(read.batch));
  PW_TRY(read.keys, keys->of(wanted));
  return read;
}

// RFC 4180: quoted only where it must be.
void append_csv_text(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  out += '"';
}

void append_csv(std::string& out, const Sites& sites, std::size_t row) {
  const auto& batch = sites.batch;
  out += std::to_string(batch.u64(0)[row]);
  out += ',';
  out += batch.text(1).at(row);
  out += ',';
  out += std::to_string(batch.i32(2)[row]);
  out += ',';
  append_double(out, batch.f64(3)[row]);
  out += ',';
  append_double(out, batch.f64(4)[row]);
  if (!sites.keys.empty()) append_csv_text(out += ',', sites.keys[row]);
  out += '\n';
}

void append_feature(std::string& out, const Sites& sites, std::size_t row) {
  const auto& batch = sites.batch;
  out += R"({"type":"Feature","geometry":{"type":"Point","coordinates":[)";
  append_double(out, batch.f64(3)[row]);
  out += ',';
  append_double(out, batch.f64(4)[row]);
  out += R"(]},"properties":{"merchant_id":")" + std::to_string(batch.u64(0)[row]);
  out += R"(","legal_country_iso":")";
  out += batch.text(1).at(row);
  out += R"(","site_order":)" + std::to_string(batch.i32(2)[row]);
  if (!sites.keys.empty()) out += ",\"outlet_key\":" + compact(Json(sites.keys[row]));
  out += "}}";
}

// One text file: head, a piece a row, tail; rows separated by `between`.
struct TextForm {
  std::string_view head, between, tail;
  void (*append)(std::string&, const Sites&, std::size_t);
};

Result<std::uint64_t> write_text_form(const table::Dataset& sites, const OutletKeys* keys, const TextForm& form, const fs::path& file,
                                      work::Pool& pool) {
  PW_TRY(auto out, datasets::LogWriter::create(file));
  PW_CHECK(out.write(form.head));
  std::uint64_t rows = 0;
  PW_CHECK(work::ordered<Block>(
      pool, sites.groups(),
      [&](std::size_t group) -> Result<Block> {
        PW_TRY(const auto read, read_group(sites, group, keys));
        Block block{{}, read.batch.rows};
        for (std::size_t row = 0; row < block.rows; ++row) {
          if (group > 0 || row > 0) block.text += form.between;
          form.append(block.text, read, row);
        }
        return block;
      },
      [&](std::size_t, Block&& block) -> Result<void> {
        rows += block.rows;
        return out.write(block.text);
      }));
  PW_CHECK(out.write(form.tail));
  PW_CHECK(out.close());
  return rows;
}

// Little-endian WKB of a point: byte order, type 1, two doubles.
std::string wkb_point(double lon, double lat) {
  std::string out = {'\x01', '\x01', '\0', '\0', '\0'};
  for (const double value : {lon, lat}) {
    auto bits = std::bit_cast<std::uint64_t>(value);
    for (int i = 0; i < 8; ++i, bits >>= 8) out += static_cast<char>(bits & 0xff);
  }
  return out;
}

// GeoParquet 1.1 without "crs" means OGC:CRS84, longitude first.
std::string geo_metadata() {
  return compact({{"version", "1.1.0"},
                  {"primary_column", "geometry"},
                  {"columns", {{"geometry", {{"encoding", "WKB"}, {"geometry_types", {"Point"}}}}}}});
}

// Each row a text of its own.
table::TextColumn text_column(std::vector<std::string> texts) {
  table::TextColumn column{std::move(texts), {}};
  column.codes.resize(column.dictionary.size());
  std::iota(column.codes.begin(), column.codes.end(), 0U);
  return column;
}

Result<std::uint64_t> write_geoparquet(const table::Dataset& sites, const OutletKeys* keys, const fs::path& file, work::Pool& pool) {
  auto schema = datasets::kSiteLocations;
  if (keys) schema.push_back({"outlet_key", table::Kind::text, table::Encoding::plain});
  schema.push_back({"geometry", table::Kind::bytes, table::Encoding::plain});
  table::WriteOptions options;
  options.metadata = {{"geo", geo_metadata()}};
  PW_TRY(auto out, table::FileWriter::create(file, schema, options));
  PW_CHECK(work::ordered<table::Batch>(
      pool, sites.groups(),
      [&](std::size_t group) -> Result<table::Batch> {
        PW_TRY(auto read, read_group(sites, group, keys));
        auto& batch = read.batch;
        std::vector<std::string> points(batch.rows);
        for (std::size_t row = 0; row < batch.rows; ++row) points[row] = wkb_point(batch.f64(3)[row], batch.f64(4)[row]);
        if (keys) batch.columns.emplace_back(text_column(std::move(read.keys)));
        batch.columns.emplace_back(std::move(points));
        return std::move(batch);
      },
      [&](std::size_t, table::Batch&& batch) -> Result<void> { return out.write(batch); }));
  PW_TRY(const auto written, out.close());
  return written.rows;
}

Result<std::uint64_t> write(const table::Dataset& sites, const OutletKeys* keys, SiteFormat format, const fs::path& file,
                            work::Pool& pool) {
  constexpr TextForm kCsv = {"merchant_id,legal_country_iso,site_order,lon_deg,lat_deg\n", "", "", append_csv};
  constexpr TextForm kKeyedCsv = {"merchant_id,legal_country_iso,site_order,lon_deg,lat_deg,outlet_key\n", "", "", append_csv};
  constexpr TextForm kGeoJson = {"{\"type\":\"FeatureCollection\",\"features\":[\n", ",\n", "\n]}\n", append_feature};
  if (format == SiteFormat::geoparquet) return write_geoparquet(sites, keys, file, pool);
  const auto& csv = keys ? kKeyedCsv : kCsv;
  return write_text_form(sites, keys, format == SiteFormat::csv ? csv : kGeoJson, file, pool);
}

}  // namespace

std::optional<SiteFormat> parse_site_format(std::string_view text) {
  if (text == "csv") return SiteFormat::csv;
  if (text == "geojson") return SiteFormat::geojson;
  if (text == "geoparquet") return SiteFormat::geoparquet;
  return std::nullopt;
}

Result<std::uint64_t> export_sites(const store::RunFolder& run, SiteFormat format, const fs::path& file,
                                   const fs::path& outlet_keys, work::Pool& pool) {
  PW_TRY(const auto folder, run.target("site_locations"));
  PW_TRY(const auto sites, table::Dataset::open(folder));
  std::optional<OutletKeys> keys;
  if (!outlet_keys.empty()) {
    PW_TRY(keys, OutletKeys::open(outlet_keys, pool));
  }
  PW_CHECK(store::make_folder(fs::absolute(file).parent_path()));
  const fs::path aside = file.string() + ".part";
  auto rows = write(sites, keys ? &*keys : nullptr, format, aside, pool);
  if (!rows) {
    std::error_code ignored;
    fs::remove(aside, ignored);
    return rows;
  }
  PW_CHECK(store::sync_path(aside));
  PW_CHECK(store::rename_path(fs::absolute(aside), fs::absolute(file)));
  return rows;
}

}  // namespace placewright::views
