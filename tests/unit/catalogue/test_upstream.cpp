#include "catalogue/upstream.hpp"

#include <map>

#include "catalogue/bundle.hpp"
#include "catalogue/synth.hpp"
#include "contracts/dictionary.hpp"
#include "datasets/schemas.hpp"
#include "hash/sha256.hpp"
#include "scratch.hpp"
#include "store/files.hpp"
#include "table/table.hpp"

namespace placewright::catalogue {
namespace {

const std::string kCounts =
    "merchant_id,country_iso,outlets,home_country_iso\n9,DE,2,FR\n9,AT,2,FR\n9,US,3,FR\n18446744073709551615,NA,1,NA\n";

class Upstream : public testing::Test {
 protected:
  void SetUp() override {
    auto built = contracts::Dictionary::built_in();
    ASSERT_TRUE(built) << built.error().message();
    dictionary_ = std::make_unique<contracts::Dictionary>(std::move(built).value());
    ASSERT_TRUE(scratch_.import(kCounts, "pack"));
    auto opened = open_pack(scratch_.path("pack"));
    ASSERT_TRUE(opened);
    pack_ = *opened;
    inputs_.seed = 42;
    for (const auto name : kParameterNames) inputs_.parameters.push_back({std::string(name), hash::sha256_hex(name), name.size()});
    inputs_.artefacts = pack_artefacts(pack_);
    identity_ = *mint_identity(inputs_);
  }
  store::RunFolder run(std::string_view name) const { return {scratch_.path(name), identity_, {}, *dictionary_}; }
  std::filesystem::path bundle(const store::RunFolder& run) const { return *run.target("validation_bundle_1A"); }

  Scratch scratch_;
  std::unique_ptr<contracts::Dictionary> dictionary_;
  Pack pack_;
  IdentityInputs inputs_;
  RunIdentity identity_;
};

}  // namespace

TEST_F(Upstream, CatalogueHasTheTenColumnsInOrder) {
  work::Pool pool(2);
  const auto run = this->run("run");
  const auto written = write_upstream(pack_, inputs_, run, pool);
  ASSERT_TRUE(written) << written.error().message();
  const auto data = table::Dataset::open(*run.target("outlet_catalogue"));
  ASSERT_TRUE(data);
  std::vector<std::string> names;
  for (const auto& field : datasets::kOutletCatalogue) names.push_back(field.name);
  EXPECT_EQ(data->column_names(), names);
  const auto rows = data->read_all(datasets::kOutletCatalogue);
  ASSERT_TRUE(rows);
  std::vector<std::string> got;
  for (std::size_t i = 0; i < rows->rows; ++i) {
    EXPECT_EQ(rows->text(0).at(i), identity_.manifest_fingerprint);
    EXPECT_EQ(rows->u64(9)[i], 42U);
    got.push_back(std::to_string(rows->u64(1)[i]) + " " + std::string(rows->text(2).at(i)) + " " + std::string(rows->text(3).at(i)) +
                  std::string(rows->text(4).at(i)) + " " + std::to_string(rows->flags(5)[i]) + " " + std::to_string(rows->i32(6)[i]) +
                  " " + std::to_string(rows->i32(7)[i]) + " " + std::to_string(rows->i32(8)[i]));
  }
  const std::vector<std::string> want = {
      "9 000001 FRAT 1 7 2 1", "9 000002 FRAT 1 7 2 2", "9 000001 FRDE 1 7 2 1", "9 000002 FRDE 1 7 2 2", "9 000001 FRUS 1 7 3 1",
      "9 000002 FRUS 1 7 3 2", "9 000003 FRUS 1 7 3 3", "18446744073709551615 000001 NANA 0 1 1 1"};
  EXPECT_EQ(got, want);
}

TEST_F(Upstream, CandidatesBeginAtHomeAndGoOnByOutletsAndCode) {
  work::Pool pool(1);
  const auto run = this->run("run");
  ASSERT_TRUE(write_upstream(pack_, inputs_, run, pool));
  const auto data = table::Dataset::open(*run.target("s3_candidate_set"));
  ASSERT_TRUE(data);
  const auto rows = data->read_all({{"country_iso", table::Kind::text}, {"candidate_rank", table::Kind::i32}, {"is_home", table::Kind::boolean},
                                    {"reason_codes", table::Kind::text_list}, {"filter_tags", table::Kind::text_list}});
  ASSERT_TRUE(rows) << rows.error().message();
  std::vector<std::string> got;
  for (std::size_t i = 0; i < rows->rows; ++i) {
    got.push_back(std::string(rows->text(0).at(i)) + std::to_string(rows->i32(1)[i]) + (rows->flags(2)[i] ? "h" : ""));
    EXPECT_EQ(std::get<table::TextLists>(rows->columns[3])[i], std::vector<std::string>{"IMPORTED"});
    EXPECT_EQ(std::get<table::TextLists>(rows->columns[4])[i].size(), rows->flags(2)[i] ? 1U : 0U);
  }
  EXPECT_EQ(got, (std::vector<std::string>{"FR0h", "US1", "AT2", "DE3", "NA0h"}));
}

TEST_F(Upstream, BundlePassesTheGate) {
  work::Pool pool(1);
  const auto run = this->run("run");
  ASSERT_TRUE(write_upstream(pack_, inputs_, run, pool));
  const auto folder = bundle(run);
  const auto index = store::read_json(folder / "index.json");
  ASSERT_TRUE(index);
  std::map<std::string, std::string> listed;
  for (const auto& entry : *index) {
    EXPECT_EQ(entry.size(), 5U);
    const std::string path = entry["path"];
    EXPECT_EQ(path, std::string(entry["artifact_id"]) + ".json");
    listed[path] = Scratch::read(folder / path);
    EXPECT_EQ(compact(*parse_json(listed[path], path)), listed[path]) << path << " is not canonical";
  }
  auto names = *hash::files_below(folder);
  std::erase(names, "_passed.flag");
  ASSERT_EQ(names.size(), listed.size());
  std::string all;
  for (const auto& [name, text] : listed) all += text;
  EXPECT_EQ(Scratch::read(folder / "_passed.flag"), "sha256_hex = " + hash::sha256_hex(all) + "\n");
  for (const auto* need : {"MANIFEST", "parameter_hash_resolved", "manifest_fingerprint_resolved", "rng_accounting", "s9_summary", "egress_checksums"}) {
    EXPECT_EQ(listed.count(std::string(need) + ".json"), 1U) << need;
  }
  EXPECT_EQ((*parse_json(listed["parameter_hash_resolved.json"], ""))["parameter_hash"], identity_.parameter_hash);
  EXPECT_EQ((*parse_json(listed["manifest_fingerprint_resolved.json"], ""))["manifest_fingerprint"], identity_.manifest_fingerprint);
  EXPECT_EQ((*parse_json(listed["rng_accounting.json"], ""))["families"].size(), 17U);
  const auto egress = *parse_json(listed["egress_checksums.json"], "");
  EXPECT_EQ(egress["composite_sha256_hex"], hash::sha256_folder(*run.target("outlet_catalogue"))->sha256_hex);
  EXPECT_EQ(egress["files"][0]["path"], "part-00000.parquet");
  EXPECT_EQ(egress["seed"], 42);
}

TEST_F(Upstream, IsTheSameOnAnyNumberOfThreadsAndLeftAloneWhenThere) {
  work::Pool one(1);
  work::Pool four(4);
  const auto a = run("a");
  const auto b = run("b");
  ASSERT_TRUE(write_upstream(pack_, inputs_, a, one));
  ASSERT_TRUE(write_upstream(pack_, inputs_, b, four));
  EXPECT_EQ(hash::sha256_folder(a.root() / "data")->sha256_hex, hash::sha256_folder(b.root() / "data")->sha256_hex);
  ASSERT_TRUE(write_upstream(pack_, inputs_, a, four));
  std::filesystem::remove(bundle(a) / "_passed.flag");
  EXPECT_EQ(write_upstream(pack_, inputs_, a, four).error().code(), "E_IMMUTABLE_PARTITION_EXISTS_NONIDENTICAL");
  std::filesystem::remove_all(bundle(b));
  ASSERT_TRUE(write_upstream(pack_, inputs_, b, one)) << "a run that was killed before the bundle goes on";
  auto other = inputs_;
  other.seed = 7;
  EXPECT_EQ(write_upstream(pack_, other, a, one).error().code(), "PW_DEFECT");
}

TEST_F(Upstream, NumbersAPairOf999999Outlets) {
  work::Pool pool(2);
  ASSERT_TRUE(scratch_.import("merchant_id,country_iso,outlets\n5,DE,999999\n6,DE,1\n", "large"));
  pack_ = *open_pack(scratch_.path("large"));
  inputs_.artefacts = pack_artefacts(pack_);
  identity_ = *mint_identity(inputs_);
  const auto run = this->run("run");
  ASSERT_TRUE(write_upstream(pack_, inputs_, run, pool));
  const auto data = table::Dataset::open(*run.target("outlet_catalogue"));
  EXPECT_EQ(data->rows(), 1'000'000U);
  const auto last = data->read(data->groups() - 1, {{"site_id", table::Kind::text}, {"site_order", table::Kind::i32}});
  ASSERT_TRUE(last);
  EXPECT_EQ(last->text(0).at(last->rows - 2), "999999");
  EXPECT_EQ(last->text(0).at(last->rows - 1), "000001");
}

}  // namespace placewright::catalogue
