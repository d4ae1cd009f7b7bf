#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <functional>
#include <optional>

#include "contracts/embedded.hpp"
#include "datasets/gate.hpp"
#include "table/table.hpp"
#include "world.hpp"

namespace placewright::states::s0_gate {
namespace {

// The golden list names paths relative to the world's folder; here that folder is the test's own.
Json relocated(Json sealed, const World& world) {
  for (auto& item : sealed) item["path"] = (world.base() / item["path"].get<std::string>()).generic_string();
  return sealed;
}

TEST(Gate, SealsWhatTheReferenceSeals) {
  const std::vector<std::pair<std::string, std::string>> runs = {
      {"coarse-world", "shipped"}, {"coarse-world", "exhaust"}, {"fine-patch", "uniform"}, {"fine-patch", "area"},
      {"fine-patch", "population"}, {"fine-patch", "blend"}, {"fine-patch", "overlap"}};
  for (const auto& [name, run] : runs) {
    World world(name, run);
    ASSERT_EQ(world.gate(), "") << name << "/" << run;
    EXPECT_EQ(world.output("sealed_inputs_1B"), relocated(*store::read_json(world.golden() / "s0/sealed_inputs_1B.json"), world)) << run;
    auto receipt = world.output("s0_gate_receipt_1B"), golden = *store::read_json(world.golden() / "s0/s0_gate_receipt.json");
    EXPECT_EQ(receipt["verified_at_utc"], store::logical_time());
    golden["verified_at_utc"] = receipt["verified_at_utc"];
    EXPECT_EQ(receipt, golden) << run;
  }
}

TEST(Gate, WritesCompactJsonWithoutALineEnd) {
  World world;
  ASSERT_EQ(world.gate(), "");
  for (const auto* dataset : {"sealed_inputs_1B", "s0_gate_receipt_1B", "placewright_seal"}) {
    EXPECT_EQ(*store::read_text(*world.run().target(dataset)), compact(world.output(dataset))) << dataset;
  }
  EXPECT_TRUE(datasets::check_gate_receipt(world.run(), {"outlet_catalogue", "tile_index"}, {"A", "B"}));
}

TEST(Gate, GivesTheSameBytesOnAnyNumberOfThreads) {
  World one, four;
  ASSERT_EQ(one.gate(1), "");
  ASSERT_EQ(four.gate(4), "");
  EXPECT_EQ(one.output("placewright_seal"), four.output("placewright_seal"));
}

TEST(Gate, KeepsWhatIsPublishedWhenNothingHasChanged) {
  World world;
  ASSERT_EQ(world.gate(), "");
  const auto receipt = *store::read_text(*world.run().target("s0_gate_receipt_1B"));
  ::setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
  EXPECT_EQ(world.gate(), "");
  ::unsetenv("SOURCE_DATE_EPOCH");
  EXPECT_EQ(*store::read_text(*world.run().target("s0_gate_receipt_1B")), receipt);
}

TEST(Gate, KeepsTheReceiptThatTheReferenceWrote) {
  World world;
  const auto target = *world.run().target("s0_gate_receipt_1B");
  const auto theirs = *store::read_text(world.golden() / "s0/s0_gate_receipt.json");
  World::write(target, theirs);
  EXPECT_EQ(world.gate(), "");
  EXPECT_EQ(*store::read_text(target), theirs);
}

TEST(Gate, NeverOverwritesASealOfOtherContent) {
  World world;
  ASSERT_EQ(world.gate(), "");
  World::write(world.external("reference/spatial/tz_world/2025a/tz_world.parquet"), "other");
  EXPECT_EQ(world.gate(), "E_IMMUTABLE_PARTITION_EXISTS_NONIDENTICAL");
}

TEST(Gate, NamesEachFaultOfTheUpstreamBundle) {
  using Edit = std::function<void(World&)>;
  const auto index_of = [](const World& world) { return *store::read_json(world.bundle() / "index.json"); };
  const std::vector<std::pair<std::string, Edit>> faults = {
      {"E_BUNDLE_MISSING", [](World& w) { fs::remove_all(w.bundle()); }},
      {"E_INDEX_MISSING", [](World& w) { fs::remove(w.bundle() / "index.json"); }},
      {"E_INDEX_INVALID", [](World& w) { World::write(w.bundle() / "index.json", "[{"); }},
      {"E_INDEX_INVALID", [](World& w) { World::write(w.bundle() / "index.json", "{}"); }},
      {"E_INDEX_INVALID", [](World& w) { World::write(w.bundle() / "stray.tmp", ""); }},
      {"E_INDEX_INVALID", [](World& w) { World::write(w.bundle() / "deep/stray", ""); }},
      {"E_INDEX_INVALID", [](World& w) { fs::remove(w.bundle() / "MANIFEST.json"); }},
      {"E_INDEX_INVALID",
       [&](World& w) {
         auto index = index_of(w);
         index[0]["path"] = "../x";
         World::write(w.bundle() / "index.json", compact(index));
       }},
      {"E_PASS_MISSING", [](World& w) { fs::remove(w.bundle() / "_passed.flag"); }},
      {"E_FLAG_FORMAT_INVALID", [](World& w) { World::write(w.bundle() / "_passed.flag", "PASS\n"); }},
      {"E_FLAG_FORMAT_INVALID", [](World& w) { World::write(w.bundle() / "_passed.flag", "sha256_hex = \xe2\x80\xa6\n"); }},
      {"E_FLAG_HASH_MISMATCH", [](World& w) { World::write(w.bundle() / "_passed.flag", "sha256_hex = " + std::string(64, '0') + "\n"); }},
      {"E_FLAG_HASH_MISMATCH", [](World& w) { World::damage(w.bundle() / "MANIFEST.json"); }},
      {"E_PATH_EMBED_MISMATCH",
       [](World& w) {
         World::write(w.bundle() / "parameter_hash_resolved.json", "{\"parameter_hash\":\"" + std::string(64, '0') + "\"}");
         w.flag_again();
       }},
      {"E_PATH_EMBED_MISMATCH", [](World& w) {
         World::write(w.bundle() / "manifest_fingerprint_resolved.json", "{}");
         w.flag_again();
       }}};
  for (std::size_t i = 0; i < faults.size(); ++i) {
    World world;
    faults[i].second(world);
    EXPECT_EQ(world.gate(), faults[i].first) << "fault " << i;
    EXPECT_FALSE(fs::exists(*world.run().target("sealed_inputs_1B"))) << "fault " << i;
    EXPECT_FALSE(fs::exists(*world.run().target("s0_gate_receipt_1B"))) << "fault " << i;
  }
}

TEST(Gate, ListsStrayAndMissingFilesOfTheBundle) {
  World world;
  World::write(world.bundle() / "stray.tmp", "");
  fs::remove(world.bundle() / "MANIFEST.json");
  ASSERT_EQ(world.gate(), "E_INDEX_INVALID");
  EXPECT_EQ(world.fact("missing"), "[\"stray.tmp\"]");
  EXPECT_EQ(world.fact("extra"), "[\"MANIFEST.json\"]");
}

TEST(Gate, NamesTheDatasetOfAMissingInput) {
  for (const auto* file : {"reference/iso/iso3166_canonical/2024-12-31/iso3166.parquet", "reference/spatial/world_countries/2024/world_countries.parquet",
                           "reference/spatial/population/2025/population.tif", "licenses/license_map.yaml"}) {
    World world;
    fs::remove(world.external(file));
    EXPECT_EQ(world.gate(), "E_REFERENCE_SURFACE_MISSING") << file;
    EXPECT_NE(world.fact("dataset_id"), "") << file;
  }
  for (const auto* name : {"policy.s2.tile_weights.yaml", "policy.s3.requirements.yaml", "policy.s4.alloc_plan.yaml", "policy.s6.jitter.yaml"}) {
    World world;
    fs::remove(world.policy(name));
    EXPECT_EQ(world.gate(), "E_REFERENCE_SURFACE_MISSING") << name;
  }
}

TEST(Gate, DoesWithoutTimeZonesUnderItsOwnDictionary) {
  World world;
  fs::remove(world.external("reference/spatial/tz_world/2025a/tz_world.parquet"));
  ASSERT_EQ(world.gate(), "");
  EXPECT_EQ(world.output("sealed_inputs_1B").size(), 9U);
  EXPECT_EQ(world.output("s0_gate_receipt_1B")["sealed_inputs"].size(), 12U);
}

// Writes the golden catalogue anew with one lineage value replaced, or without lineage columns.
void rewrite_catalogue(const World& world, const std::string& fingerprint, std::optional<std::uint64_t> seed) {
  const auto file = world.catalogue() / "part-00000.parquet";
  table::Batch batch{3, {}};
  table::Schema schema = {{"merchant_id", table::Kind::u64}};
  batch.columns.emplace_back(std::vector<std::uint64_t>{1, 2, 3});
  if (!fingerprint.empty()) {
    schema.push_back({"manifest_fingerprint", table::Kind::text});
    batch.columns.emplace_back(table::TextColumn{{world.identity().manifest_fingerprint, fingerprint}, {0, 0, 1}});
  }
  if (seed) {
    schema.push_back({"global_seed", table::Kind::u64});
    batch.columns.emplace_back(std::vector<std::uint64_t>{world.identity().seed, *seed, world.identity().seed});
  }
  fs::remove(file);
  auto writer = table::FileWriter::create(file, schema);
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->write(batch));
  ASSERT_TRUE(writer->close());
}

TEST(Gate, RefusesACatalogueOfAnotherRun) {
  World other_fingerprint, other_seed, no_column;
  rewrite_catalogue(other_fingerprint, std::string(64, 'b'), other_fingerprint.identity().seed);
  EXPECT_EQ(other_fingerprint.gate(), "E_PATH_EMBED_MISMATCH");
  EXPECT_EQ(other_fingerprint.fact("dataset_id"), "\"outlet_catalogue\"");
  rewrite_catalogue(other_seed, other_seed.identity().manifest_fingerprint, 43);
  EXPECT_EQ(other_seed.gate(), "E_PATH_EMBED_MISMATCH");
  rewrite_catalogue(no_column, "", 42);
  EXPECT_EQ(no_column.gate(), "E_PATH_EMBED_MISMATCH");
}

TEST(Gate, RefusesACatalogueThatIsNotTheCertifiedOne) {
  World world;
  rewrite_catalogue(world, world.identity().manifest_fingerprint, world.identity().seed);
  EXPECT_EQ(world.gate(), "E_CATALOGUE_DIGEST_MISMATCH");
}

TEST(Gate, FindsOneFlippedBitInTheCatalogue) {
  World world;
  World::damage(world.catalogue() / "part-00000.parquet");
  EXPECT_EQ(world.gate(), "E_CATALOGUE_DIGEST_MISMATCH");
}

TEST(Gate, SealsTheRecomputedDigestWhenTheBundleCertifiesNone) {
  World world;
  const auto before = [&] {
    World intact;
    EXPECT_EQ(intact.gate(), "");
    return intact.output("sealed_inputs_1B")[2]["sha256_hex"];
  }();
  auto egress = *store::read_json(world.bundle() / "egress_checksums.json");
  egress["seed"] = 7;
  egress["composite_sha256_hex"] = std::string(64, '0');
  World::write(world.bundle() / "egress_checksums.json", compact(egress));
  world.flag_again();
  ASSERT_EQ(world.gate(), "");
  EXPECT_EQ(world.output("sealed_inputs_1B")[2]["sha256_hex"], before);
}

TEST(Gate, RefusesAMisplacedCatalogue) {
  World gone, empty, deep;
  fs::remove_all(gone.catalogue());
  EXPECT_EQ(gone.gate(), "E_PARTITION_MISPLACED");
  fs::remove(empty.catalogue() / "part-00000.parquet");
  EXPECT_EQ(empty.gate(), "E_PARTITION_MISPLACED");
  World::write(deep.catalogue() / "more/part-00001.parquet", "x");
  EXPECT_EQ(deep.gate(), "E_PARTITION_MISPLACED");
}

TEST(Gate, AsksForEveryLicenceUnderItsOwnContracts) {
  World world;
  const auto map = world.external("licenses/license_map.yaml");
  World::write(map, "semver: 1.0.0\nversion: '2026-01-01'\nlicenses: {}\n");
  EXPECT_EQ(world.gate(), "E_LICENCE_NOT_COVERED");
  auto text = *store::read_text(world.golden().parent_path() / "inputs/licenses/license_map.yaml");
  text.replace(text.find("licenses/ODbL-1.0.txt"), 21, "licenses/nowhere.txtx");
  World::write(map, text);
  EXPECT_EQ(world.gate(), "E_LICENCE_NOT_COVERED");
  World::write(world.external("licenses/nowhere.txtx"), "text");
  EXPECT_EQ(world.gate(), "");
}

// Our own contracts in the foreign layout, one line of the dictionary replaced.
Result<contracts::Dictionary> foreign(const World& world, const std::string& from, const std::string& to) {
  const auto root = world.base() / "contracts_root";
  auto text = std::string(*contracts::embedded("dictionary/layer1.1B.yaml"));
  for (auto at = text.find(from); !from.empty() && at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  World::write(root / "contracts/dataset_dictionary/l1/seg_1B/layer1.1B.yaml", text);
  for (const std::string kind : {"1B", "1A", "layer1", "ingress.layer1"}) {
    const auto name = "schemas." + kind + ".yaml";
    World::write(root / "contracts/schemas/layer1" / name, std::string(*contracts::embedded("schemas/" + name)));
  }
  return contracts::Dictionary::load(root, contracts::Layout::contracts);
}

TEST(Gate, NamesEachFaultOfAForeignDictionary) {
  const std::vector<std::array<std::string, 3>> faults = {
      {"E_DICTIONARY_RESOLUTION_FAILED", "id: s2_tile_weights_policy", "id: something_else"},
      {"E_DICTIONARY_RESOLUTION_FAILED", "id: tile_weights\n", "id: something_else\n"},
      {"E_DICTIONARY_RESOLUTION_FAILED", "licence: Public-Domain", "licence: \"\""},
      {"E_DICTIONARY_RESOLUTION_FAILED", "retention_days: 1095", "retention_days: TBD"},
      {"E_SCHEMA_RESOLUTION_FAILED", "#/prep/tile_index", "#/prep/nowhere"},
      {"E_SCHEMA_RESOLUTION_FAILED", "schemas.ingress.layer1.yaml#/tz_world_2025a", "schemas.2A.yaml#/tz_world_2025a"},
      {"E_REFERENCE_SURFACE_MISSING", "2025a/tz_world.parquet", "2025a/nowhere.parquet"}};
  for (const auto& [code, from, to] : faults) {
    World world;
    world.use(foreign(world, from, to));
    EXPECT_EQ(world.gate(), code) << from;
  }
}

TEST(Gate, OnlyWarnsOfLicencesUnderForeignContracts) {
  World world;
  world.use(foreign(world, "", ""));
  World::write(world.external("licenses/license_map.yaml"), "licenses: {}\n");
  EXPECT_EQ(world.gate(), "");
}

}  // namespace
}  // namespace placewright::states::s0_gate
