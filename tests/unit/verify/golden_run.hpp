// A finished run in a temporary folder: inputs, tables of S3 to S6 and logs as the reference engine wrote them
// (tests/golden), S7 to S9 as placewright makes them.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "contracts/dictionary.hpp"
#include "datasets/schemas.hpp"
#include "states/s7_synthesis/synthesis.hpp"
#include "states/s8_egress/egress.hpp"
#include "states/s9_validation/validation.hpp"
#include "store/receipt.hpp"
#include "verify/verify.hpp"

namespace placewright::verify {

namespace fs = std::filesystem;

class GoldenRun {
 public:
  GoldenRun(const std::string& world, const std::string& name, const std::string& tiles, TileId columns) {
    source_ = fs::path(PW_TESTS) / "golden" / world;
    folder_ =
        fs::temp_directory_path() / ("golden_run_" + std::to_string(::getpid()) + "_" + std::to_string(counter()++));
    const auto receipt = Json::parse(std::ifstream(source_ / name / "inputs/run_receipt.json"));
    RunIdentity id{receipt["run_id"], receipt["seed"], receipt["parameter_hash"], receipt["manifest_fingerprint"]};
    root_ = folder_ / "runs" / id.run_id;
    dictionary_ = std::make_unique<contracts::Dictionary>(contracts::Dictionary::built_in().value());
    run_ = std::make_unique<store::RunFolder>(root_, id, std::vector<fs::path>{folder_ / "policy", folder_ / "ext"},
                                              *dictionary_);
    lay_out(source_ / name);
    write_spans(tiles, columns);
    report::Log log(report::Verbosity::quiet);
    work::Pool pool(2);
    states::Context context{*run_,
                            log,
                            pool,
                            geo::Predicate::center,
                            states::PublishForm::spans,
                            states::EventForm::jsonl,
                            std::string(64, '0'),
                            0};
    for (const auto state : {states::s7_synthesis::run, states::s8_egress::run, states::s9_validation::run}) {
      const auto done = state(context);
      EXPECT_TRUE(done) << done.error().message();
    }
  }
  ~GoldenRun() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  GoldenRun(const GoldenRun&) = delete;
  GoldenRun& operator=(const GoldenRun&) = delete;

  fs::path path(const char* dataset) const { return run_->target(dataset).value(); }
  fs::path part(const char* dataset) const { return path(dataset) / "part-00000.parquet"; }
  fs::path external(const std::string& relative) const { return folder_ / "ext" / relative; }

  Report verify(bool integrity_only = false) const {
    report::Log log(report::Verbosity::quiet);
    work::Pool pool(2);
    auto report = verify_run(root_, *dictionary_, {{folder_ / "policy", folder_ / "ext"}, integrity_only}, pool, log);
    EXPECT_TRUE(report) << report.error().message();
    return report ? *report : Report();
  }

 private:
  static int& counter() {
    static int value = 0;
    return value;
  }

  void lay_out(const fs::path& golden) const {
    const auto copy = [](const fs::path& from, const fs::path& to) {
      fs::create_directories(to.parent_path());
      fs::copy(from, to, fs::copy_options::recursive);
    };
    copy(source_ / "inputs", folder_ / "ext");
    copy(golden / "inputs/policy", folder_ / "policy/config/layer1/1B/policy");
    copy(golden / "inputs/run_receipt.json", root_ / "run_receipt.json");
    copy(golden / "inputs/1A/validation", path("validation_bundle_1A"));
    copy(golden / "inputs/1A/outlet_catalogue.parquet", part("outlet_catalogue"));
    copy(golden / "inputs/1A/s3_candidate_set.parquet", part("s3_candidate_set"));
    copy(golden / "s0/sealed_inputs_1B.json", path("sealed_inputs_1B"));
    copy(golden / "s0/s0_gate_receipt.json", path("s0_gate_receipt_1B"));
    copy(golden / "s3/part-00000.parquet", part("s3_requirements"));
    copy(golden / "s4/part-00000.parquet", part("s4_alloc_plan"));
    copy(golden / "s5/part-00000.parquet", part("s5_site_tile_assignment"));
    copy(golden / "s6/part-00000.parquet", part("s6_site_jitter"));
    for (const char* family : {"site_tile_assign", "in_cell_jitter"}) {
      const auto dataset = std::string("rng_event_") + family;
      unzip(golden / "rng" / (dataset + ".jsonl.gz"), path(dataset.c_str()) / "part-00000.jsonl");
    }
    unzip(golden / "rng/rng_trace_log.jsonl.gz", path("rng_trace_log"));
    unzip(golden / "rng/rng_audit_log.jsonl.gz", path("rng_audit_log"));
  }

  static void unzip(const fs::path& from, const fs::path& to) {
    fs::create_directories(to.parent_path());
    std::ofstream out(to, std::ios::binary);
    gzFile in = gzopen(from.c_str(), "rb");
    ASSERT_NE(in, nullptr);
    char block[1 << 16];
    for (int got = 0; (got = gzread(in, block, sizeof block)) > 0;) out.write(block, got);
    gzclose(in);
  }

  void write_spans(const std::string& tiles, TileId columns) const {
    const auto ids = table::Dataset::open(source_ / tiles / "tile_ids.parquet")
                         .value()
                         .read_all({{"country_iso", table::Kind::text}, {"tile_id", table::Kind::u64}})
                         .value();
    std::map<std::string, std::vector<TileId>> by_country;
    for (std::size_t i = 0; i < ids.rows; ++i) by_country[std::string(ids.text(0).at(i))].push_back(ids.u64(1)[i]);
    std::vector<Iso> country;
    std::vector<std::uint64_t> first;
    std::vector<std::int64_t> length;
    for (auto& [iso, list] : by_country) {
      std::ranges::sort(list);
      for (std::size_t i = 0; i < list.size(); ++i) {
        if (i > 0 && list[i] == list[i - 1] + 1 && list[i] % columns != 0) {
          ++length.back();
          continue;
        }
        country.push_back(*Iso::parse(iso));
        first.push_back(list[i]);
        length.push_back(1);
      }
    }
    table::Batch batch{first.size(), {}};
    batch.columns.emplace_back(table::iso_column(country));
    batch.columns.emplace_back(first);
    batch.columns.emplace_back(length);
    fs::create_directories(path("tile_spans"));
    auto writer = table::FileWriter::create(part("tile_spans"), datasets::kTileSpans);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->write(batch));
    ASSERT_TRUE(writer->close());
  }

  fs::path source_, folder_, root_;
  std::unique_ptr<contracts::Dictionary> dictionary_;
  std::unique_ptr<store::RunFolder> run_;
};

}  // namespace placewright::verify
