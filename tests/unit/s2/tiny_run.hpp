// A run folder of a few tiles, built table by table, for the tests of S2, S3 and S4.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "contracts/dictionary.hpp"
#include "datasets/schemas.hpp"
#include "geo_io/geotiff_writer.hpp"
#include "states/context.hpp"
#include "store/files.hpp"
#include "table/table.hpp"

namespace placewright::states {

// World of 8 x 4 cells of one degree; tile id = row * 8 + column. ISO table: DE, FR, LU, MC, NL.
class TinyRun {
 public:
  explicit TinyRun(unsigned threads = 2) : pool_(threads) {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("pw-" + std::string(test->test_suite_name()) + "-" + test->name() + "-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "run");
    auto dictionary = contracts::Dictionary::built_in();
    EXPECT_TRUE(dictionary) << dictionary.error().message();
    dictionary_ = std::make_unique<contracts::Dictionary>(std::move(*dictionary));
    identity_ = {std::string(32, 'a'), 42, std::string(64, 'b'), std::string(64, 'c')};
    run_ = std::make_unique<store::RunFolder>(folder_ / "run", identity_, std::vector{folder_ / "ext"}, *dictionary_);
    table(*run_->relative("iso3166_canonical_2024"), {{"country_iso", table::Kind::text}}, {text({"DE", "FR", "LU", "MC", "NL"})}, true);
    raster(std::vector<float>(32, 1.0F));
    receipt({"outlet_catalogue", "iso3166_canonical_2024", "s3_requirements", "tile_weights", "tile_index"});
    policy("s2", "policy_version: t\nbasis: area_m2\ndp: 3\n");
    policy("s3", "policy_version: t\nenabled: true\ndenylist_country_iso: [MC]\n");
    policy("s4", kPolicyS4);
  }
  ~TinyRun() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  Context context(PublishForm form = PublishForm::spans) {
    return {*run_, log_, pool_, geo::Predicate::center, form, EventForm::parquet, std::string(64, '0'), 0};
  }
  const store::RunFolder& run() const { return *run_; }
  const RunIdentity& identity() const { return identity_; }

  void policy(const std::string& state, const std::string& yaml) {
    const std::string name = state == "s2" ? "s2_tile_weights_policy" : state == "s3" ? "s3_requirements_policy" : "s4_alloc_plan_policy";
    ASSERT_TRUE(store::write_text(folder_ / "ext" / *run_->relative(name), yaml));
  }
  void receipt(const std::vector<std::string>& ids) { receipt(ids, identity_.manifest_fingerprint); }
  void receipt(const std::vector<std::string>& ids, const std::string& fingerprint) {
    Json sealed = Json::array();
    for (const auto& id : ids) sealed.push_back({{"id", id}, {"schema_ref", "x"}, {"partition", Json::array()}});
    const Json json = {{"manifest_fingerprint", fingerprint},
                       {"validation_bundle_path", "x"},
                       {"flag_sha256_hex", std::string(64, 'd')},
                       {"verified_at_utc", "1970-01-01T00:00:00.000000Z"},
                       {"sealed_inputs", sealed},
                       {"notes", nullptr}};
    ASSERT_TRUE(store::write_text(*run_->target("s0_gate_receipt_1B"), compact(json)));
  }
  void raster(const std::vector<float>& people, const geo::Grid& grid = {8, 4, 1, 0, 0, 0, -1, 52}) {
    const auto file = folder_ / "ext" / *run_->relative("population_raster_2025");
    std::filesystem::create_directories(file.parent_path());
    geo_io::GeoTiffOptions options;
    options.tile = 16;
    options.nodata = -99999.0;
    auto writer = geo_io::GeoTiffWriter::create(file, grid, options);
    ASSERT_TRUE(writer) << writer.error().message();
    ASSERT_TRUE(writer->write(people));
    ASSERT_TRUE(writer->close());
  }

  struct Span {
    std::string country;
    TileId first;
    std::int64_t length;
  };
  void spans(const std::vector<Span>& spans) {
    std::vector<std::string> countries;
    std::vector<std::uint64_t> first;
    std::vector<std::int64_t> length;
    for (const auto& span : spans) {
      countries.push_back(span.country);
      first.push_back(span.first);
      length.push_back(span.length);
    }
    table(*run_->relative("tile_spans") + "part-00000.parquet", datasets::kTileSpans, {text(countries), first, length});
  }
  // Rows of tile_index below country=`folder`.
  void index(const std::string& folder, const std::vector<std::string>& countries, const std::vector<TileId>& tiles) {
    std::vector<std::uint64_t> row, column;
    for (const auto tile : tiles) {
      row.push_back(tile / 8);
      column.push_back(tile % 8);
    }
    const std::vector<double> zeros(tiles.size(), 0.0), area(tiles.size(), 5.0);
    table(*run_->relative("tile_index") + "country=" + folder + "/part-000.parquet", datasets::kTileIndex,
          {text(countries), tiles, row, column, zeros, zeros, area, text(std::vector<std::string>(tiles.size(), "center"))});
  }
  struct Run {
    TileId first;
    std::int64_t length;
    std::int64_t weight;
  };
  void weights(const std::string& country, const std::vector<Run>& runs, std::int64_t dp = 3) {
    std::vector<std::uint64_t> first;
    std::vector<std::int64_t> length, weight;
    for (const auto& r : runs) {
      first.push_back(r.first);
      length.push_back(r.length);
      weight.push_back(r.weight);
    }
    const auto n = runs.size();
    table(*run_->relative("weight_runs") + "part-" + country + ".parquet", datasets::kWeightRuns,
          {text(std::vector<std::string>(n, country)), first, length, weight, std::vector<std::int64_t>(n, dp), text(std::vector<std::string>(n, "area_m2"))});
  }
  struct Outlet {
    MerchantId merchant;
    std::string country;
    std::int32_t order;
  };
  void outlets(const std::vector<Outlet>& rows, const std::string& fingerprint, std::uint64_t seed, std::size_t rows_per_group = 2) {
    std::vector<std::uint64_t> merchants;
    std::vector<std::string> countries;
    std::vector<std::int32_t> orders;
    for (const auto& row : rows) {
      merchants.push_back(row.merchant);
      countries.push_back(row.country);
      orders.push_back(row.order);
    }
    const table::Schema schema = {{"merchant_id", table::Kind::u64}, {"legal_country_iso", table::Kind::text}, {"site_order", table::Kind::i32},
                                  {"manifest_fingerprint", table::Kind::text}, {"global_seed", table::Kind::u64}};
    table(*run_->relative("outlet_catalogue") + "part-00000.parquet", schema,
          {merchants, text(countries), orders, text(std::vector<std::string>(rows.size(), fingerprint)), std::vector<std::uint64_t>(rows.size(), seed)}, false, rows_per_group);
  }
  void outlets(const std::vector<Outlet>& rows) { outlets(rows, identity_.manifest_fingerprint, identity_.seed); }
  struct Wanted {
    MerchantId merchant;
    std::string country;
    std::int64_t sites;
  };
  void requirements(const std::vector<Wanted>& rows) {
    std::vector<std::uint64_t> merchants;
    std::vector<std::string> countries;
    std::vector<std::int64_t> sites;
    for (const auto& row : rows) {
      merchants.push_back(row.merchant);
      countries.push_back(row.country);
      sites.push_back(row.sites);
    }
    table(*run_->relative("s3_requirements") + "part-00000.parquet", datasets::kRequirements, {merchants, text(countries), sites});
  }

  table::Batch read(const std::string& dataset, const table::Schema& columns) const {
    const auto opened = table::Dataset::open(*run_->target(dataset));
    EXPECT_TRUE(opened) << opened.error().message();
    if (!opened) return {};
    auto batch = opened->read_all(columns);
    EXPECT_TRUE(batch) << batch.error().message();
    return batch ? *std::move(batch) : table::Batch{};
  }
  Json report(const std::string& dataset) const {
    auto json = store::read_json(*run_->target(dataset));
    EXPECT_TRUE(json) << json.error().message();
    return json ? *json : Json();
  }

  static table::TextColumn text(const std::vector<std::string>& values) {
    table::TextColumn out;
    for (const auto& value : values) {
      const auto it = std::ranges::find(out.dictionary, value);
      out.codes.push_back(static_cast<std::uint32_t>(it - out.dictionary.begin()));
      if (it == out.dictionary.end()) out.dictionary.push_back(value);
    }
    return out;
  }

  static constexpr auto kPolicyS4 =
      "policy_version: t\nenabled: false\ncountry_share_soft_guard: 0.2\ncountry_share_hard_guard: 0.45\n"
      "reroute: {enabled: true, mode: next_eligible, max_moves_per_pair: 2048}\n"
      "residual_redistribution: {enabled: true, min_active_tile_fraction: 0.35, max_steps_per_pair: 1024}\n"
      "deterministic_seed_namespace: N\n";

 private:
  void table(const std::string& relative, const table::Schema& schema, std::vector<table::Column> columns, bool external = false, std::size_t rows_per_group = 200'000) {
    const auto file = folder_ / (external ? "ext" : "run") / relative;
    std::filesystem::create_directories(file.parent_path());
    table::WriteOptions options;
    options.rows_per_group = rows_per_group;
    auto writer = table::FileWriter::create(file, schema, options);
    ASSERT_TRUE(writer) << writer.error().message();
    table::Batch batch;
    batch.rows = std::visit([](const auto& column) -> std::size_t {
      if constexpr (requires { column.codes; }) return column.codes.size();
      else return column.size();
    }, columns[0]);
    batch.columns = std::move(columns);
    const auto written = writer->write(batch);
    ASSERT_TRUE(written) << written.error().message();
    ASSERT_TRUE(writer->close());
  }

  std::filesystem::path folder_;
  std::unique_ptr<contracts::Dictionary> dictionary_;
  RunIdentity identity_;
  std::unique_ptr<store::RunFolder> run_;
  report::Log log_{report::Verbosity::quiet};
  work::Pool pool_;
};

// "CODE" or "CODE detail" of a failed state; "none" when it succeeded.
inline std::string fault_of(const Result<Summary>& result) {
  if (result) return "none";
  for (const auto& [name, value] : result.error().facts()) {
    if (name == "detail") return result.error().code() + " " + value.substr(1, value.size() - 2);
  }
  return result.error().code();
}

}  // namespace placewright::states
