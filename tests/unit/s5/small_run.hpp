// The worked example of S5 and S6 as a run folder: country QX is a square in which the centres of two half-degree cells
// lie (tiles 21 and 22 of a grid with 20 columns); merchant 1968 has three sites in it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <optional>
#include <sstream>

#include "datasets/schemas.hpp"
#include "geo_io/countries.hpp"
#include "geo_io/geotiff_writer.hpp"
#include "states/context.hpp"
#include "store/files.hpp"
#include "table/table.hpp"

namespace placewright {

namespace fs = std::filesystem;

struct PlanRow {
  MerchantId merchant;
  std::string country;
  TileId tile;
  std::int64_t sites;
};
struct AssignedRow {
  MerchantId merchant;
  std::string country;
  std::int64_t order;
  TileId tile;
};

inline const char* const kShippedPolicy = R"(policy_version: 2026-02-13-r4
mode: mixture_v2
deterministic_seed_namespace: 1B.S6.JITTER_V2
max_attempts: 64
selection_blend: 0.50
component_weights: {core_cluster: 0.10, secondary_cluster: 0.20, sparse_tail: 0.70}
components:
  core_cluster: {lat_shape_exp: 1.60, lon_shape_exp: 1.60, max_abs_offset_fraction: 0.80}
  secondary_cluster: {lat_shape_exp: 1.00, lon_shape_exp: 1.00, max_abs_offset_fraction: 1.00}
  sparse_tail: {lat_shape_exp: 0.55, lon_shape_exp: 0.55, max_abs_offset_fraction: 1.00}
)";

inline std::string file_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::vector<std::string> file_lines(const fs::path& file) {
  std::istringstream in(file_text(file));
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

class SmallRun {
 public:
  explicit SmallRun(states::PublishForm publish = states::PublishForm::spans)
      : path_(fs::temp_directory_path() /
              ("pw_small_" + std::to_string(::getpid()) + "_" + std::to_string(counter_++))),
        dictionary_(contracts::Dictionary::built_in().value()),
        identity_{"0123456789abcdef0123456789abcdef", 42, repeated("a1", 32),
                  repeated("00112233445566778899aabbccddeeff", 2)},
        folder_(path_ / "run", identity_, {path_ / "ext"}, dictionary_),
        log_(report::Verbosity::quiet),
        pool_(2) {
    fs::remove_all(path_);
    write_external();
    write_seals();
    publish == states::PublishForm::spans ? write_spans() : write_rows();
    plan({{1968, "QX", 21, 2}, {1968, "QX", 22, 1}});
    policy(kShippedPolicy);
  }
  ~SmallRun() { fs::remove_all(path_); }

  const store::RunFolder& folder() const { return folder_; }
  work::Pool& pool() { return pool_; }
  fs::path target(std::string_view dataset) const { return folder_.target(dataset).value(); }
  states::Context context(states::EventForm events) {
    return {folder_, log_, pool_, geo::Predicate::center, states::PublishForm::spans, events, std::string(64, '0'), 0};
  }

  void plan(const std::vector<PlanRow>& rows) {
    table::Batch batch{rows.size(), {}};
    std::vector<std::uint64_t> merchants, tiles;
    std::vector<std::int64_t> sites;
    table::TextColumn countries;
    for (const auto& row : rows) {
      merchants.push_back(row.merchant);
      add_text(countries, row.country);
      tiles.push_back(row.tile);
      sites.push_back(row.sites);
    }
    batch.columns = {merchants, countries, tiles, sites};
    write_table(target("s4_alloc_plan") / "part-00000.parquet", datasets::kAllocPlan, batch);
  }
  void assignments(const std::vector<AssignedRow>& rows) {
    table::Batch batch{rows.size(), {}};
    std::vector<std::uint64_t> merchants, tiles;
    std::vector<std::int64_t> orders;
    table::TextColumn countries;
    for (const auto& row : rows) {
      merchants.push_back(row.merchant);
      add_text(countries, row.country);
      orders.push_back(row.order);
      tiles.push_back(row.tile);
    }
    batch.columns = {merchants, countries, orders, tiles};
    write_table(target("s5_site_tile_assignment") / "part-00000.parquet", datasets::kAssignment, batch);
  }
  void policy(const std::string& yaml) const { write_file(external("jitter_policy"), yaml); }
  // Replaces the polygon of QX by a rectangle; nothing when it has no area.
  void country(double west, double south, double east, double north, const std::string& iso = "QX") const {
    const geo::Ring ring = {{west, south}, {east, south}, {east, north}, {west, north}, {west, south}};
    table::Batch batch{1, {table::TextColumn{{iso}, {0}}, std::vector<std::string>{geo_io::wkb_of({{ring, {}}})}}};
    write_table(external("world_countries"), {{"country_iso", table::Kind::text}, {"geom", table::Kind::bytes}}, batch);
  }
  table::Batch read(std::string_view dataset, const table::Schema& schema) const {
    return table::Dataset::open(target(dataset)).value().read_all(schema).value();
  }
  fs::path external(std::string_view dataset) const { return path_ / "ext" / folder_.relative(dataset).value(); }
  static void write_file(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }

 private:
  static std::string repeated(const std::string& text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
  }
  static void add_text(table::TextColumn& column, const std::string& text) {
    column.codes.push_back(static_cast<std::uint32_t>(column.dictionary.size()));
    column.dictionary.push_back(text);
  }
  static void write_table(const fs::path& file, const table::Schema& schema, const table::Batch& batch) {
    fs::create_directories(file.parent_path());
    auto writer = table::FileWriter::create(file, schema).value();
    ASSERT_TRUE(writer.write(batch));
    ASSERT_TRUE(writer.close());
  }
  void write_external() const {
    const geo::Grid grid{20, 4, 0.5, 0, 9.5, 0, -0.5, 50.5};
    fs::create_directories(external("population_raster_2025").parent_path());
    auto raster = geo_io::GeoTiffWriter::create(external("population_raster_2025"), grid).value();
    ASSERT_TRUE(raster.write(std::vector<float>(80, 1.0F)));
    ASSERT_TRUE(raster.close());
    write_table(external("iso3166_canonical_2024"), {{"country_iso", table::Kind::text}},
                {3, {table::TextColumn{{"QX", "QY", "QZ"}, {0, 1, 2}}}});
    country(10.1, 49.3, 10.9, 50.1);
  }
  void write_seals() const {
    Json items = Json::array();
    for (const char* id : {"tile_index", "iso3166_canonical_2024"})
      items.push_back({{"id", id}, {"partition", Json::array()}, {"schema_ref", "x"}});
    const Json receipt = {{"manifest_fingerprint", identity_.manifest_fingerprint},
                          {"validation_bundle_path", "b"},
                          {"flag_sha256_hex", std::string(64, '0')},
                          {"verified_at_utc", "1970-01-01T00:00:00.000000Z"},
                          {"sealed_inputs", items},
                          {"notes", nullptr}};
    write_file(target("s0_gate_receipt_1B"), compact(receipt));
    write_file(target("sealed_inputs_1B"),
               compact(Json::array({{{"asset_id", "world_countries"},
                                     {"path", store::RunFolder::printed(external("world_countries"))}}})));
  }
  void write_spans() const {
    write_table(target("tile_spans") / "part-00000.parquet", datasets::kTileSpans,
                {1, {table::TextColumn{{"QX"}, {0}}, std::vector<std::uint64_t>{21}, std::vector<std::int64_t>{2}}});
  }
  void write_rows() const {
    const table::Schema ids = {{"tile_id", table::Kind::u64}};
    const table::Batch batch{2, {std::vector<std::uint64_t>{21, 22}}};
    for (const char* dataset : {"tile_index", "tile_bounds"})
      write_table(target(dataset) / "country=QX" / "part-000.parquet", ids, batch);
  }

  static inline int counter_ = 0;
  fs::path path_;
  contracts::Dictionary dictionary_;
  RunIdentity identity_;
  store::RunFolder folder_;
  report::Log log_;
  work::Pool pool_;
};

}  // namespace placewright
