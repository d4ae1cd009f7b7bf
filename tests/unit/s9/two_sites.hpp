// A run of two sites, (7, GB, 1) and (7, GB, 2), as far as S9 reads it: tables, logs, receipt. The first site needed
// two jitter attempts. Tests change one thing and ask what S9 records.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "contracts/dictionary.hpp"
#include "datasets/schemas.hpp"
#include "states/s9_validation/validation.hpp"

namespace placewright::states::s9_validation {

struct Row {
  std::uint64_t merchant = 7;
  std::string country = "GB";
  std::int32_t order = 1;
  std::uint64_t tile = 100;
  double lon = -0.1, lat = 51.5;
};

struct Outcome {
  bool passed = false;
  std::vector<std::string> records;  // "CODE detail", as often as recorded (samples), in code order
};

class TwoSites {
 public:
  enum class Folder { present, empty, absent };

  TwoSites() {
    folder_ = std::filesystem::temp_directory_path() /
              ("two_sites_" + std::to_string(::getpid()) + "_" + std::to_string(counter()++));
    id_ = {"00112233445566778899aabbccddeeff", 42, repeat("0123456789abcdef"), repeat("fedcba9876543210")};
    std::filesystem::create_directories(folder_ / id_.run_id);
    dictionary_ = std::make_unique<contracts::Dictionary>(contracts::Dictionary::built_in().value());
    run_ = std::make_unique<store::RunFolder>(folder_ / id_.run_id, id_, std::vector<std::filesystem::path>(),
                                              *dictionary_);
    s7 = {{7, "GB", 1, 100, -0.1, 51.5}, {7, "GB", 2, 105, -0.2, 51.6}};
    s8 = s7;
    assignments = {assignment(1, 100, 1000), assignment(2, 105, 1001)};
    jitters = {jitter(1, 2000), jitter(1, 2001), jitter(2, 3000)};
    trace_events();
    audit = {{{"algorithm", "philox2x64-10"},
              {"build_commit", std::string(64, '0')},
              {"manifest_fingerprint", id_.manifest_fingerprint},
              {"parameter_hash", id_.parameter_hash},
              {"run_id", id_.run_id},
              {"seed", id_.seed},
              {"ts_utc", kTime}}};
  }
  ~TwoSites() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  TwoSites(const TwoSites&) = delete;
  TwoSites& operator=(const TwoSites&) = delete;

  std::vector<Row> s7, s8;
  bool extra_egress_column = false;
  std::vector<Json> assignments, jitters;  // event records
  std::vector<Json> trace, audit;
  Folder assignment_folder = Folder::present;
  bool trace_file = true, audit_file = true;
  unsigned threads = 2;
  std::string policy;  // text of policy.s9.validation.yaml; empty: no file
  std::function<Result<std::string>(std::string_view)> grade;

  Json assignment(std::int64_t order, std::uint64_t tile, std::uint64_t counter) const {
    auto json = event("1B.S5.assigner", "site_tile_assign", "1", order, counter);
    json["tile_id"] = tile;
    json["u"] = 0.25;
    return json;
  }
  Json jitter(std::int64_t order, std::uint64_t counter) const {
    auto json = event("1B.S6.jitter", "in_cell_jitter", "2", order, counter);
    for (const char* name : {"delta_lat_deg", "delta_lon_deg"}) json[name] = 0.001;
    for (const char* name : {"sigma_lat_deg", "sigma_lon_deg"}) json[name] = 1.0;
    return json;
  }
  // One row an event; totals follow from the events.
  void trace_events() {
    trace.clear();
    for (const auto* events : {&assignments, &jitters}) {
      std::uint64_t draws = 0, blocks = 0, count = 0;
      for (const auto& of : *events) {
        Json row;
        for (const char* name : {"ts_utc", "run_id", "seed", "module", "substream_label", "rng_counter_before_lo",
                                 "rng_counter_before_hi", "rng_counter_after_lo", "rng_counter_after_hi"}) {
          row[name] = of[name];
        }
        row["draws_total"] = draws += std::stoull(of["draws"].get<std::string>());
        row["blocks_total"] = blocks += of["blocks"].get<std::uint64_t>();
        row["events_total"] = ++count;
        trace.push_back(row);
      }
    }
  }

  Outcome validate() {
    write_table("s7_site_synthesis", s7, true, false);
    write_table("site_locations", s8, false, extra_egress_column);
    const auto logs = [&](const char* dataset) { return run_->target(dataset).value(); };
    if (assignment_folder != Folder::absent) std::filesystem::create_directories(logs("rng_event_site_tile_assign"));
    if (assignment_folder == Folder::present)
      write_lines(logs("rng_event_site_tile_assign") / "part-00000.jsonl", assignments);
    write_lines(logs("rng_event_in_cell_jitter") / "part-00000.jsonl", jitters);
    if (trace_file) write_lines(logs("rng_trace_log"), trace);
    if (audit_file) write_lines(logs("rng_audit_log"), audit);
    const Json receipt = {{"run_id", id_.run_id}, {"git_commit_hex", std::string(24, '0') + repeat("1234567890")}};
    write_lines(run_->root() / "run_receipt.json", {receipt});
    report::Log log(report::Verbosity::quiet);
    work::Pool pool(threads);
    Context context{
        *run_, log, pool, geo::Predicate::center, PublishForm::rows, EventForm::jsonl, std::string(64, '0'), 0, grade};
    if (!policy.empty()) {
      const auto file = run_->root() / "reference/config/layer1/1B/policy/policy.s9.validation.yaml";
      std::filesystem::create_directories(file.parent_path());
      EXPECT_TRUE(store::write_text(file, policy));
    }
    const auto done = s9_validation::run(context);
    if (!done) return {false, {done.error().code() + " " + done.error().message()}};
    return {done->passed, recorded()};
  }

  // Text of a bundle file; empty when it does not exist.
  std::string bundle(const std::string& name) const {
    const auto text = store::read_text(run_->target("validation_bundle_1B").value() / name);
    return text ? *text : std::string();
  }
  const store::RunFolder& run() const { return *run_; }

 private:
  static constexpr auto kTime = "1970-01-01T00:00:00.000000Z";
  static int& counter() {
    static int value = 0;
    return value;
  }
  static std::string repeat(const std::string& text) { return text + text + text + text; }

  Json event(const char* module, const char* label, const char* draws, std::int64_t order,
             std::uint64_t counter) const {
    return {{"ts_utc", kTime},
            {"run_id", id_.run_id},
            {"seed", id_.seed},
            {"parameter_hash", id_.parameter_hash},
            {"manifest_fingerprint", id_.manifest_fingerprint},
            {"module", module},
            {"substream_label", label},
            {"rng_counter_before_hi", 3},
            {"rng_counter_before_lo", counter},
            {"rng_counter_after_hi", 3},
            {"rng_counter_after_lo", counter + 1},
            {"draws", draws},
            {"blocks", 1},
            {"merchant_id", 7},
            {"legal_country_iso", "GB"},
            {"site_order", order}};
  }

  void write_table(const char* dataset, const std::vector<Row>& rows, bool with_tile, bool extra) const {
    table::Batch batch{rows.size(), {}};
    std::vector<std::uint64_t> merchant, tile;
    table::TextColumn country;
    std::vector<std::int32_t> order;
    std::vector<double> lon, lat;
    for (const auto& row : rows) {
      merchant.push_back(row.merchant);
      country.dictionary.push_back(row.country);
      country.codes.push_back(static_cast<std::uint32_t>(country.codes.size()));
      order.push_back(row.order);
      tile.push_back(row.tile);
      lon.push_back(row.lon);
      lat.push_back(row.lat);
    }
    auto schema = with_tile ? datasets::kSynthesis : datasets::kSiteLocations;
    batch.columns.emplace_back(merchant);
    batch.columns.emplace_back(country);
    batch.columns.emplace_back(order);
    if (with_tile) batch.columns.emplace_back(tile);
    batch.columns.emplace_back(lon);
    batch.columns.emplace_back(lat);
    if (extra) {
      schema.push_back({"rank", table::Kind::u64});
      batch.columns.emplace_back(merchant);
    }
    const auto folder = run_->target(dataset).value();
    std::filesystem::create_directories(folder);
    auto writer = table::FileWriter::create(folder / "part-00000.parquet", schema);
    ASSERT_TRUE(writer) << writer.error().message();
    ASSERT_TRUE(writer->write(batch));
    ASSERT_TRUE(writer->close());
  }

  static void write_lines(const std::filesystem::path& file, const std::vector<Json>& lines) {
    std::string text;
    for (const auto& line : lines) text += (line.is_string() ? line.get<std::string>() : compact(line)) + "\n";
    std::filesystem::create_directories(file.parent_path());
    ASSERT_TRUE(store::write_text(file, text));
  }

  // "CODE detail" for each sample of s9_failures.json.
  std::vector<std::string> recorded() const {
    std::vector<std::string> records;
    const auto text = bundle("s9_failures.json");
    if (text.empty()) return records;
    const auto list = Json::parse(text);
    for (const auto& failure : list["failures"]) {
      for (const auto& sample : failure["samples"])
        records.push_back(failure["code"].get<std::string>().substr(0, 4) + " " + sample.value("detail", ""));
    }
    return records;
  }

  std::filesystem::path folder_;
  RunIdentity id_;
  std::unique_ptr<contracts::Dictionary> dictionary_;
  std::unique_ptr<store::RunFolder> run_;
};

}  // namespace placewright::states::s9_validation
