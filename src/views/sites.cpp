#include "views/sites.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/text.hpp"
#include "datasets/log_file.hpp"
#include "datasets/schemas.hpp"
#include "store/files.hpp"
#include "table/table.hpp"

namespace placewright::views {
namespace {

namespace fs = std::filesystem;

struct Block {
  std::string text;
  std::uint64_t rows = 0;
};

void append_csv(std::string& out, const table::Batch& batch, std::size_t row) {
  out += std::to_string(batch.u64(0)[row]);
  out += ',';
  out += batch.text(1).at(row);
  out += ',';
  out += std::to_string(batch.i32(2)[row]);
  out += ',';
  append_double(out, batch.f64(3)[row]);
  out += ',';
  append_double(out, batch.f64(4)[row]);
  out += '\n';
}

void append_feature(std::string& out, const table::Batch& batch, std::size_t row) {
  out += R"({"type":"Feature","geometry":{"type":"Point","coordinates":[)";
  append_double(out, batch.f64(3)[row]);
  out += ',';
  append_double(out, batch.f64(4)[row]);
  out += R"(]},"properties":{"merchant_id":")" + std::to_string(batch.u64(0)[row]);
  out += R"(","legal_country_iso":")";
  out += batch.text(1).at(row);
  out += R"(","site_order":)" + std::to_string(batch.i32(2)[row]) + "}}";
}

// One text file: head, a piece a row, tail; rows separated by `between`.
struct TextForm {
  std::string_view head, between, tail;
  void (*append)(std::string&, const table::Batch&, std::size_t);
};

Result<std::uint64_t> write_text_form(const table::Dataset& sites, const TextForm& form, const fs::path& file, work::Pool& pool) {
  PW_TRY(auto out, datasets::LogWriter::create(file));
  PW_CHECK(out.write(form.head));
  std::uint64_t rows = 0;
  PW_CHECK(work::ordered<Block>(
      pool, sites.groups(),
      [&](std::size_t group) -> Result<Block> {
        PW_TRY(const auto batch, sites.read(group, datasets::kSiteLocations));
        Block block{{}, batch.rows};
        for (std::size_t row = 0; row < batch.rows; ++row) {
          if (group > 0 || row > 0) block.text += form.between;
          form.append(block.text, batch, row);
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

Result<std::uint64_t> write_geoparquet(const table::Dataset& sites, const fs::path& file, work::Pool& pool) {
  auto schema = datasets::kSiteLocations;
  schema.push_back({"geometry", table::Kind::bytes, table::Encoding::plain});
  table::WriteOptions options;
  options.metadata = {{"geo", geo_metadata()}};
  PW_TRY(auto out, table::FileWriter::create(file, schema, options));
  PW_CHECK(work::ordered<table::Batch>(
      pool, sites.groups(),
      [&](std::size_t group) -> Result<table::Batch> {
        PW_TRY(auto batch, sites.read(group, datasets::kSiteLocations));
        std::vector<std::string> points(batch.rows);
        for (std::size_t row = 0; row < batch.rows; ++row) points[row] = wkb_point(batch.f64(3)[row], batch.f64(4)[row]);
        batch.columns.emplace_back(std::move(points));
        return batch;
      },
      [&](std::size_t, table::Batch&& batch) -> Result<void> { return out.write(batch); }));
  PW_TRY(const auto written, out.close());
  return written.rows;
}

Result<std::uint64_t> write(const table::Dataset& sites, SiteFormat format, const fs::path& file, work::Pool& pool) {
  constexpr TextForm kCsv = {"merchant_id,legal_country_iso,site_order,lon_deg,lat_deg\n", "", "", append_csv};
  constexpr TextForm kGeoJson = {"{\"type\":\"FeatureCollection\",\"features\":[\n", ",\n", "\n]}\n", append_feature};
  if (format == SiteFormat::geoparquet) return write_geoparquet(sites, file, pool);
  return write_text_form(sites, format == SiteFormat::csv ? kCsv : kGeoJson, file, pool);
}

}  // namespace

std::optional<SiteFormat> parse_site_format(std::string_view text) {
  if (text == "csv") return SiteFormat::csv;
  if (text == "geojson") return SiteFormat::geojson;
  if (text == "geoparquet") return SiteFormat::geoparquet;
  return std::nullopt;
}

Result<std::uint64_t> export_sites(const store::RunFolder& run, SiteFormat format, const fs::path& file, work::Pool& pool) {
  PW_TRY(const auto folder, run.target("site_locations"));
  PW_TRY(const auto sites, table::Dataset::open(folder));
  PW_CHECK(store::make_folder(fs::absolute(file).parent_path()));
  const fs::path aside = file.string() + ".part";
  auto rows = write(sites, format, aside, pool);
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
