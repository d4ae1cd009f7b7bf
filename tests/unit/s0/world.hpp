// The run coarse-world/shipped of tests/golden laid out as S0 finds it, in a folder of the test's own.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>

#include "hash/sha256.hpp"
#include "states/s0_gate/gate.hpp"
#include "store/files.hpp"
#include "store/receipt.hpp"

namespace placewright::states::s0_gate {

namespace fs = std::filesystem;

class World {
 public:
  explicit World(const std::string& world = "coarse-world", const std::string& run = "shipped") {
    static int count = 0;
    base_ = fs::temp_directory_path() / ("pw_s0_" + std::to_string(::getpid()) + "_" + std::to_string(count++));
    golden_ = fs::path(PW_TESTS) / "golden" / world / run;
    const auto given = golden_ / "inputs";
    const auto receipt = *store::read_json(given / "run_receipt.json");
    identity_ = {receipt["run_id"], receipt["seed"], receipt["parameter_hash"], receipt["manifest_fingerprint"]};
    root_ = base_ / "runs" / identity_.run_id;
    copy(golden_.parent_path() / "inputs", base_ / "ext");
    copy(given / "policy", base_ / ("policy_" + run) / "config/layer1/1B/policy");
    copy(given / "1A/validation", bundle());
    copy(given / "1A/outlet_catalogue.parquet", catalogue() / "part-00000.parquet");
    copy(given / "1A/s3_candidate_set.parquet",
         root_ / "data/layer1/1A/s3_candidate_set" / ("parameter_hash=" + identity_.parameter_hash) / "part-00000.parquet");
    roots_ = {base_ / ("policy_" + run), base_ / "ext"};
    use(contracts::Dictionary::built_in());
  }
  ~World() {
    std::error_code ignored;
    fs::remove_all(base_, ignored);
  }

  void use(Result<contracts::Dictionary> dictionary) {
    ASSERT_TRUE(dictionary) << dictionary.error().message();
    dictionary_ = std::make_unique<contracts::Dictionary>(std::move(*dictionary));
    run_ = std::make_unique<store::RunFolder>(root_, identity_, roots_, *dictionary_);
  }
  // Empty when S0 passes, else its code.
  std::string gate(unsigned threads = 2, geo::Predicate predicate = geo::Predicate::center) {
    work::Pool pool(threads);
    report::Log log(report::Verbosity::quiet);
    Context context{*run_, log, pool, predicate, PublishForm::spans, EventForm::parquet, std::string(64, '0'), 0};
    const auto done = s0_gate::run(context);
    error_ = done ? Error("", "") : done.error();
    return error_.code();
  }
  std::string fact(const std::string& name) const {
    for (const auto& [key, value] : error_.facts()) {
      if (key == name) return value;
    }
    return "";
  }

  // Rewrites the flag after the bundle was edited on purpose.
  void flag_again() {
    std::string all;
    const auto index = *store::read_json(bundle() / "index.json");
    for (const auto& row : index) paths_.insert(row["path"].get<std::string>());
    for (const auto& path : paths_) all += *store::read_text(bundle() / path);
    write(bundle() / "_passed.flag", "sha256_hex = " + hash::sha256_hex(all) + "\n");
  }

  static void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
  }
  // Flips one bit in the middle of a file.
  static void damage(const fs::path& file) {
    auto text = *store::read_text(file);
    text[text.size() / 2] = static_cast<char>(text[text.size() / 2] ^ 1);
    write(file, text);
  }

  fs::path bundle() const { return root_ / "data/layer1/1A/validation" / ("manifest_fingerprint=" + identity_.manifest_fingerprint); }
  fs::path catalogue() const {
    return root_ / "data/layer1/1A/outlet_catalogue" / ("seed=" + std::to_string(identity_.seed)) /
           ("manifest_fingerprint=" + identity_.manifest_fingerprint);
  }
  fs::path external(const std::string& relative) const { return base_ / "ext" / relative; }
  fs::path policy(const std::string& name) const { return roots_[0] / "config/layer1/1B/policy" / name; }
  Json output(const std::string& dataset) const { return *store::read_json(*run_->target(dataset)); }
  const store::RunFolder& run() const { return *run_; }
  const RunIdentity& identity() const { return identity_; }
  const fs::path& base() const { return base_; }
  const fs::path& golden() const { return golden_; }

 private:
  // Copies without the read-only bits of the originals.
  static void copy(const fs::path& from, const fs::path& to) {
    if (fs::is_regular_file(from)) {
      write(to, *store::read_text(from));
      return;
    }
    const auto names = *hash::files_below(from);
    for (const auto& name : names) write(to / name, *store::read_text(from / name));
  }

  fs::path base_, golden_, root_;
  RunIdentity identity_;
  std::vector<fs::path> roots_;
  std::set<std::string> paths_;
  std::unique_ptr<contracts::Dictionary> dictionary_;
  std::unique_ptr<store::RunFolder> run_;
  Error error_{"", ""};
};

}  // namespace placewright::states::s0_gate
